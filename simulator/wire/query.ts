/** What the two query protocols have in common: a form in, XML out. */
import type { ApiError } from './api.ts';
import { SIGNATURE_PARAMETERS } from './credentials.ts';
import type { FormDecoder } from './decode.ts';
import { malformedQuery, missingAction } from './errors.ts';
import { parseForm, takeParameter } from './form.ts';
import { bodyText, mediaTypeOf } from './protocol.ts';
import type { Asked, WireRequest } from './protocol.ts';
import { XmlWriter } from './xml-writer.ts';

const FORM_TYPE = 'application/x-www-form-urlencoded';

export interface QueryDialect {
  readonly version: string;
  readonly decode: FormDecoder;
  /** The error for an action that is not there in that version, which may not be given. */
  readonly unknownAction: (action: string, version: string | undefined) => ApiError;
}

/**
 * Reads Action and Version from the URL and the body: either may hold parameters. A body of another
 * type than a form holds none. Throws ApiError MissingAction or MalformedQueryString.
 */
export const readQuery = (dialect: QueryDialect, request: WireRequest): Asked => {
  const isForm = (mediaTypeOf(request) ?? FORM_TYPE) === FORM_TYPE;
  const form = parseForm(request.search ?? '', isForm ? bodyText(request, malformedQuery) : '');
  if (request.search !== undefined) {
    for (const name of SIGNATURE_PARAMETERS) takeParameter(form, name);
  }
  const version = takeParameter(form, 'Version');
  const action = takeParameter(form, 'Action');
  if (action === undefined) throw missingAction();
  return {
    action,
    isAddressed: version === dialect.version,
    unknownAction: () => dialect.unknownAction(action, version),
    readInput: (shape) => dialect.decode(shape, form),
  };
};

/** A document with its declaration. */
export const startDocument = (): XmlWriter => {
  const writer = new XmlWriter();
  writer.raw('<?xml version="1.0" encoding="UTF-8"?>\n');
  return writer;
};

/** `<Code>` and `<Message>` of an error. */
export const writeError = (
  { code, message }: Pick<ApiError, 'code' | 'message'>,
  writer: XmlWriter,
): void => {
  writer.raw('<Code>');
  writer.text(code);
  writer.raw('</Code><Message>');
  writer.text(message);
  writer.raw('</Message>');
};

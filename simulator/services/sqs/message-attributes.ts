/** What SQS allows in the body and the attributes of a message. */
import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import { ApiError } from '../../wire/api.ts';
import type { MessageAttributes } from './message.ts';

const ATTRIBUTES_MAX = 10;
/** The characters of XML 1.0; the API reference lists them. */
const CONTENT = /^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u;
const NAME = /^[\p{L}\p{N}_.-]+$/u;
const RESERVED = /^(aws\.|amazon\.|\.)|\.$|\.\./i;
const TYPE = /^(String|Number|Binary)(\..+)?$/;

const invalid = (message: string): ApiError => new ApiError('InvalidParameterValue', message);

const ALLOWED = '#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF';

/** @throws ApiError `InvalidMessageContents` */
export const assertContent = (text: string): void => {
  if (CONTENT.test(text)) return;
  throw new ApiError(
    'InvalidMessageContents',
    `Invalid characters found. Valid unicode characters are: ${ALLOWED}`,
  );
};

const assertName = (name: string): void => {
  if (Buffer.byteLength(name) >= 256) {
    throw invalid('Message (user) attribute names must be shorter than 256 Bytes');
  }
  if (!NAME.test(name)) {
    throw invalid(
      'Message (user) attributes name can only contain upper and lower score characters, digits, ' +
        'periods, hyphens and underscores. ',
    );
  }
  if (!RESERVED.test(name)) return;
  throw invalid(
    "You can't use message attribute names beginning with 'AWS.' or 'Amazon.'. These strings are " +
      "reserved for internal use. Additionally, they cannot start or end with '.'.",
  );
};

const assertType = (name: string, type: string): void => {
  if (TYPE.test(type) && Buffer.byteLength(type) < 256) return;
  throw invalid(
    `The type of message (user) attribute '${name}' is invalid. You must use only the following ` +
      "supported type prefixes: 'Binary', 'Number', 'String'.",
  );
};

const assertValue = (name: string, type: string, value: MessageAttributeValue): void => {
  const kind = type.split('.')[0] ?? '';
  const held = kind === 'Binary' ? value.BinaryValue : value.StringValue;
  if (held === undefined || held.length === 0) {
    throw invalid(
      `Message (user) attribute '${name}' must contain a non-empty value of type '${type}'.`,
    );
  }
  if (typeof held === 'string' && !CONTENT.test(held)) {
    throw invalid(`Invalid characters found. Valid unicode characters are: ${ALLOWED}`);
  }
  if (kind !== 'Number' || /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(String(held))) return;
  throw invalid(`Can't cast the value of message (user) attribute '${name}' to a number.`);
};

/** @throws ApiError `InvalidParameterValue` */
export const assertAttributes = (attributes: MessageAttributes): void => {
  const entries = Object.entries(attributes);
  if (entries.length > ATTRIBUTES_MAX) {
    throw invalid(
      `Number of message attributes [${entries.length}] exceeds the allowed maximum [${ATTRIBUTES_MAX}].`,
    );
  }
  for (const [name, value] of entries) {
    assertName(name);
    const type = value.DataType ?? '';
    assertType(name, type);
    assertValue(name, type, value);
  }
};

/** Bytes of the body, and of each attribute's name, type and value: what the limits count. */
export const sizeOf = (message: {
  readonly body: string;
  readonly attributes?: MessageAttributes | undefined;
}): number =>
  Object.entries(message.attributes ?? {}).reduce(
    (bytes, [name, { DataType, StringValue, BinaryValue }]) =>
      bytes +
      Buffer.byteLength(name) +
      Buffer.byteLength(DataType ?? '') +
      Buffer.byteLength(StringValue ?? '') +
      (BinaryValue?.length ?? 0),
    Buffer.byteLength(message.body),
  );

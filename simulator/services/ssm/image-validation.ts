/**
 * A parameter of the data type `aws:ec2:image` changes only after Systems Manager has seen that the
 * image is there for its account; PutParameter has long answered by then.
 */
import { agendaKind } from '../../kernel/agenda.ts';
import { draw } from '../../kernel/kernel.ts';
import { ApiError, type Call } from '../../wire/api.ts';
import type { Place } from '../events/rows.ts';
import type { Parameters } from './parameters.ts';
import type { VersionRow } from './rows.ts';

export interface Change {
  readonly name: string;
  readonly version: VersionRow;
  readonly tags: ReadonlyMap<string, string>;
}

interface Validation extends Place, Change {
  /** Of the request that asked for it. */
  readonly requestId: string;
  readonly isUpdate: boolean;
}

const VALIDATE = agendaKind<Validation>('ssm.validate');
const NOT_THERE = 'Unable to Describe Resource';

const isImageId = (value: string): boolean => /^ami-([0-9a-f]{8}|[0-9a-f]{17})$/.test(value);

/** Says what is done when the time of a validation comes. Once for a cloud. */
export const defineValidation = (parameters: Parameters): void => {
  const { agenda, clock } = parameters.kernel;
  agenda.define(VALIDATE, ({ account, region, name, version, tags, requestId, isUpdate }) => {
    const call = { account, region, nowMs: clock.nowMs(), requestId };
    const isThere = isImageId(version.value) && parameters.images.isUsable(version.value, call);
    const refuse = (exception: string): void => {
      parameters.tell(call, name, version, isUpdate ? 'Update' : 'Create', exception);
    };
    if (!isThere) {
      refuse(NOT_THERE);
      return;
    }
    try {
      parameters.apply(call, name, { ...version, modifiedAtMs: call.nowMs }, tags);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      refuse(error.message);
    }
  });
};

export const applyLater = (parameters: Parameters, change: Change, call: Call): void => {
  const { agenda, manners, random } = parameters.kernel;
  const { account, region, nowMs, requestId } = call;
  const isUpdate = parameters.lookUp(call, change.name) !== undefined;
  const atMs = nowMs + draw(random('ssm'), manners().parameterValidationMs);
  agenda.at(atMs, VALIDATE, { ...change, account, region, requestId, isUpdate });
};

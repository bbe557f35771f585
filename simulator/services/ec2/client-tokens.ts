/** Client tokens: the same call with the same token again makes nothing, and gives what was made. */
import { ApiError, type Call } from '../../wire/api.ts';
import type { RegionStore } from './store.ts';

/** Not documented for every operation; a day is what EC2 says where it says anything. */
const TOKEN_LIFE_MS = 24 * 60 * 60 * 1_000;

interface Tokened {
  readonly ClientToken?: string | undefined;
}

/** The request without its token, in a form that does not depend on the order of its keys. */
const fingerprint = (input: object): string =>
  JSON.stringify(input, (key, value: unknown) => {
    if (key === 'ClientToken') return undefined;
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });

const keyOf = (operation: string, { ClientToken }: Tokened, { account }: Call): string =>
  `${operation} ${account} ${ClientToken ?? ''}`;

/**
 * What an earlier call of the operation with this token made in this Region.
 * @throws ApiError `IdempotentParameterMismatch` if that call asked for something else
 */
export const madeByToken = (
  store: RegionStore,
  operation: string,
  input: Tokened,
  call: Call,
): string | undefined => {
  if (input.ClientToken === undefined) return undefined;
  const known = store.tokens.get(keyOf(operation, input, call));
  if (known === undefined || call.nowMs - known.atMs > TOKEN_LIFE_MS) return undefined;
  if (known.request === fingerprint(input)) return known.madeId;
  throw new ApiError(
    'IdempotentParameterMismatch',
    'The client token was used before with other parameters',
  );
};

/** Remembers what a call made. Without a token there is nothing to remember. */
export const rememberToken = (
  store: RegionStore,
  operation: string,
  input: Tokened,
  call: Call,
  madeId: string,
): void => {
  if (input.ClientToken === undefined) return;
  const row = { request: fingerprint(input), madeId, atMs: call.nowMs };
  store.tokens.set(keyOf(operation, input, call), row);
};

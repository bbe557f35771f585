/** Client tokens: the same call with the same token again makes nothing, and gives what was made. */
import { ApiError, type Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import type { TokenRow } from './rows.ts';

interface Tokened {
  readonly ClientToken?: string | undefined;
}

/** Up to 64 ASCII characters: Amazon EC2 Developer Guide, "Ensuring idempotency". */
const TOKEN = /^[\u0020-\u007e]{1,64}$/;

/** The request without its token, in a form that does not depend on the order of its keys. */
const fingerprint = (input: object): string =>
  JSON.stringify(input, (key, value: unknown) => {
    if (key === 'ClientToken') return undefined;
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });

const keyOf = (operation: string, token: string, { account }: Call): string =>
  `${operation} ${account} ${token}`;

/**
 * What an earlier call of the operation with this token made in this Region: tokens are Regional.
 * @throws ApiError `InvalidClientToken` for a token of a bad form, `IdempotentParameterMismatch` if
 * that call asked for something else
 */
export const madeByToken = (
  ec2: Ec2,
  operation: string,
  input: Tokened,
  call: Call,
): string | undefined => {
  const { ClientToken: token } = input;
  if (token === undefined) return undefined;
  if (!TOKEN.test(token)) {
    throw new ApiError('InvalidClientToken', 'The specified client token is not valid');
  }
  const known = ec2.store(call.region).tokens.get(keyOf(operation, token, call));
  if (known === undefined) return undefined;
  if (call.nowMs - known.atMs > ec2.kernel.manners().clientTokenLifeMs) return undefined;
  if (known.request === fingerprint(input)) return known.madeId;
  throw new ApiError(
    'IdempotentParameterMismatch',
    'The client token was used before with other parameters',
  );
};

/** Those that no longer count. The oldest come first, but for one that was used anew. */
const forgetOld = (tokens: Map<string, TokenRow>, beforeMs: number): void => {
  for (const [key, { atMs }] of tokens) {
    if (atMs >= beforeMs) return;
    tokens.delete(key);
  }
};

/** Remembers what a call made. Without a token there is nothing to remember. */
export const rememberToken = (
  ec2: Ec2,
  operation: string,
  input: Tokened,
  call: Call,
  madeId: string,
): void => {
  if (input.ClientToken === undefined) return;
  const row: TokenRow = {
    // Most are never compared, nor saved.
    get request() {
      return fingerprint(input);
    },
    madeId,
    atMs: call.nowMs,
  };
  const store = ec2.store(call.region);
  store.beforeChange();
  forgetOld(store.tokens, call.nowMs - ec2.kernel.manners().clientTokenLifeMs);
  store.tokens.set(keyOf(operation, input.ClientToken, call), row);
};

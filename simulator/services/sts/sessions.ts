/** Who calls: users by their account, sessions by the access key that was given out for them. */
import type { Credentials } from '@aws-sdk/client-sts';
import { createHash } from 'node:crypto';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Call } from '../../wire/api.ts';
import { sessionKeyOf } from './access-keys.ts';

/** An identity as GetCallerIdentity tells it. */
export interface Identity {
  readonly account: string;
  readonly arn: string;
  readonly userId: string;
}

export interface Session extends Identity {
  /** A role's session may assume a further role for an hour at most; a user's is not bound so. */
  readonly isOfRole: boolean;
}

export interface Sessions {
  readonly callerOf: (call: Pick<Call, 'account' | 'accessKeyId'>) => Identity;
  /** The session whose key signed the call; none for a user's key. */
  readonly sessionOf: (call: Pick<Call, 'accessKeyId'>) => Session | undefined;
  readonly begin: (session: Session, durationSeconds: number) => Credentials;
}

/** A unique id as IAM makes them: AIDA for a user, AROA for a role. */
export const uniqueIdOf = (prefix: 'AIDA' | 'AROA', name: string): string => {
  const hash = createHash('sha256').update(`${prefix} ${name}`).digest('hex');
  return prefix + hash.slice(0, 17).toUpperCase();
};

/** Every account has one user: this one has the keys that are no session's. */
const userOf = (account: string): Identity => ({
  account,
  arn: `arn:aws:iam::${account}:user/embedded`,
  userId: uniqueIdOf('AIDA', account),
});

/** Sessions do not end: an SDK client reads their expiration by the real clock, not by the virtual one. */
export const createSessions = ({ clock, keep, random }: Kernel): Sessions => {
  let sessions = new Map<string, Session>();
  keep({
    name: 'sts',
    save: () => ({ sessions }),
    load: (saved: { sessions: Map<string, Session> }) => {
      sessions = saved.sessions;
    },
  });
  const sessionOf: Sessions['sessionOf'] = ({ accessKeyId }) =>
    accessKeyId === undefined ? undefined : sessions.get(accessKeyId);
  return {
    sessionOf,
    callerOf: (call) => sessionOf(call) ?? userOf(call.account),
    begin: (session, durationSeconds) => {
      const chance = random('sts');
      const accessKeyId = sessionKeyOf(session.account, sessions.size);
      sessions.set(accessKeyId, session);
      return {
        AccessKeyId: accessKeyId,
        SecretAccessKey: Buffer.from(chance.hex(60), 'hex').toString('base64'),
        SessionToken: `IQoJ${Buffer.from(chance.hex(240), 'hex').toString('base64')}`,
        Expiration: new Date(clock.nowMs() + durationSeconds * 1_000),
      };
    },
  };
};

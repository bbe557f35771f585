/** Buses, rules and targets as they are saved. */
import type { Target } from '@aws-sdk/client-eventbridge';

/** An account's part of a Region. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

export type RuleState = 'ENABLED' | 'DISABLED' | 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';

export interface RuleRow extends Place {
  /** Name of its bus. */
  readonly bus: string;
  readonly name: string;
  /** The text of an event pattern. */
  readonly pattern: string | undefined;
  readonly schedule: string | undefined;
  readonly description: string | undefined;
  readonly roleArn: string | undefined;
  readonly state: RuleState;
  /** When its schedule was set, rates count from then; and for how many times it was. */
  readonly scheduledAtMs: number;
  readonly scheduleRevision: number;
  /** By target id. */
  readonly targets: Map<string, Target>;
  readonly tags: Map<string, string>;
}

export interface BusRow extends Place {
  readonly name: string;
  readonly createdAtMs: number;
  modifiedAtMs: number;
  description: string | undefined;
  kmsKey: string | undefined;
  deadLetterArn: string | undefined;
  log: { readonly level?: string | undefined; readonly detail?: string | undefined } | undefined;
  /** The text of a policy document. */
  policy: string | undefined;
  readonly tags: Map<string, string>;
  /** By name. */
  readonly rules: Map<string, RuleRow>;
}

export const busArnOf = ({ account, region, name }: Place & { readonly name: string }): string =>
  `arn:aws:events:${region}:${account}:event-bus/${name}`;

/** Of a rule on the default bus, the ARN does not name the bus. */
export const ruleArnOf = ({ account, region, bus, name }: RuleAddress): string =>
  `arn:aws:events:${region}:${account}:rule/${bus === 'default' ? '' : `${bus}/`}${name}`;

export interface RuleAddress extends Place {
  readonly bus: string;
  readonly name: string;
}

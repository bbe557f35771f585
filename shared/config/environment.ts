import * as z from 'zod';
import type { Target } from '../domain/model.ts';
import { DEPLOYMENT_LENGTH_MAX, NAME_PART } from '../domain/naming.ts';
import type { PolicySet } from '../domain/policy.ts';
import { REGIONS } from './regions.ts';
import { parsePolicyFiles } from './policy-file.ts';
import { readPolicyTexts } from './policy-texts.ts';

/** What a deployment is told by its environment: validated once, frozen, and passed on as a value. */
export interface Settings {
  /** Part of every AMI name; two deployments in one account must differ in it. */
  readonly deployment: string;
  /** The account and Region whose instances are backed up. */
  readonly home: Target;
  readonly policySet: PolicySet;
  readonly queues: {
    readonly backup: QueueSettings;
    readonly retire: QueueSettings;
  };
  /** Name or ARN of the EventBridge bus that outcomes are published on. */
  readonly eventBus: string;
  /** `plan`: retirement decides and reports, and removes nothing. */
  readonly retireMode: 'plan' | 'apply';
  /** Percent of EC2's request rates that this deployment takes. */
  readonly apiSharePercent?: number;
}

export interface QueueSettings {
  readonly url: string;
  readonly deadLetterUrl: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** A setting that is missing or wrong: the function fails to start, and says which. */
export class InvalidEnvironmentError extends Error {
  constructor(problems: readonly string[]) {
    super(`the environment cannot be used: ${problems.join('; ')}`);
    this.name = 'InvalidEnvironmentError';
  }
}

const schema = z.object({
  IMAGO_DEPLOYMENT: z.string().max(DEPLOYMENT_LENGTH_MAX).regex(NAME_PART),
  IMAGO_HOME_ACCOUNT: z.string().regex(/^\d{12}$/, 'expected twelve digits'),
  IMAGO_HOME_REGION: z.enum(REGIONS, 'expected a Region such as eu-central-1'),
  IMAGO_POLICY_FILE: z.string().min(1),
  IMAGO_BACKUP_QUEUE_URL: z.url(),
  IMAGO_BACKUP_DEAD_LETTER_URL: z.url(),
  IMAGO_RETIRE_QUEUE_URL: z.url(),
  IMAGO_RETIRE_DEAD_LETTER_URL: z.url(),
  IMAGO_EVENT_BUS: z.string().min(1),
  IMAGO_RETIRE_MODE: z.enum(['plan', 'apply']).default('plan'),
  // Below ten percent the slowest action, CopyImage, would have one call in more than ten seconds.
  IMAGO_API_SHARE: z
    .string()
    .regex(/^([1-9]\d|100)$/, 'expected a whole percentage from 10 to 100')
    .transform(Number)
    .optional(),
});

/**
 * Settings from environment variables, with the policy files that they name.
 * @throws InvalidEnvironmentError naming every variable that is wrong
 * @throws InvalidPolicyError | UnusableFileError for the policy file
 */
export const parseEnvironment = (environment: Environment): Settings => {
  const parsed = schema.safeParse(environment);
  if (!parsed.success) {
    throw new InvalidEnvironmentError(
      parsed.error.issues.map(({ path, message }) => {
        const name = path.join('.');
        return `${name}: ${environment[name] === undefined ? 'is not set' : message}`;
      }),
    );
  }
  const value = parsed.data;
  return Object.freeze({
    deployment: value.IMAGO_DEPLOYMENT,
    home: { account: value.IMAGO_HOME_ACCOUNT, region: value.IMAGO_HOME_REGION },
    policySet: parsePolicyFiles(readPolicyTexts(value.IMAGO_POLICY_FILE), value.IMAGO_HOME_REGION),
    queues: {
      backup: {
        url: value.IMAGO_BACKUP_QUEUE_URL,
        deadLetterUrl: value.IMAGO_BACKUP_DEAD_LETTER_URL,
      },
      retire: {
        url: value.IMAGO_RETIRE_QUEUE_URL,
        deadLetterUrl: value.IMAGO_RETIRE_DEAD_LETTER_URL,
      },
    },
    eventBus: value.IMAGO_EVENT_BUS,
    retireMode: value.IMAGO_RETIRE_MODE,
    ...(value.IMAGO_API_SHARE !== undefined && { apiSharePercent: value.IMAGO_API_SHARE }),
  });
};

/** The process's own environment: the one place that reads it. */
export const processEnvironment = (): Environment => process.env;

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type Environment,
  InvalidEnvironmentError,
  parseEnvironment,
  processEnvironment,
} from '../../shared/config/environment.ts';
import { UnusableFileError } from '../../shared/config/files.ts';
import { InvalidPolicyError } from '../../shared/config/policy-file.ts';

const EXAMPLE = join(import.meta.dirname, '../../policies/example.yml');
const QUEUES = 'https://sqs.eu-central-1.amazonaws.com/111122223333';

const GOOD: Environment = Object.freeze({
  IMAGO_DEPLOYMENT: 'prod',
  IMAGO_HOME_ACCOUNT: '111122223333',
  IMAGO_HOME_REGION: 'eu-central-1',
  IMAGO_POLICY_FILE: EXAMPLE,
  IMAGO_BACKUP_QUEUE_URL: `${QUEUES}/backup.fifo`,
  IMAGO_BACKUP_DEAD_LETTER_URL: `${QUEUES}/backup-dead.fifo`,
  IMAGO_RETIRE_QUEUE_URL: `${QUEUES}/retire.fifo`,
  IMAGO_RETIRE_DEAD_LETTER_URL: `${QUEUES}/retire-dead.fifo`,
  IMAGO_EVENT_BUS: 'default',
});

const refusal = (parts: Environment): unknown => {
  try {
    return parseEnvironment({ ...GOOD, ...parts });
  } catch (error) {
    return error;
  }
};

const messageOf = (parts: Environment): string => {
  const error = refusal(parts);
  return error instanceof InvalidEnvironmentError ? error.message : 'accepted';
};

describe('the environment', () => {
  it('becomes settings, with the policy file that it names', () => {
    const { policySet, ...settings } = parseEnvironment({ ...GOOD, PATH: '/bin' });

    expect(settings).toEqual({
      deployment: 'prod',
      home: { account: '111122223333', region: 'eu-central-1' },
      queues: {
        backup: {
          url: 'https://sqs.eu-central-1.amazonaws.com/111122223333/backup.fifo',
          deadLetterUrl: 'https://sqs.eu-central-1.amazonaws.com/111122223333/backup-dead.fifo',
        },
        retire: {
          url: 'https://sqs.eu-central-1.amazonaws.com/111122223333/retire.fifo',
          deadLetterUrl: 'https://sqs.eu-central-1.amazonaws.com/111122223333/retire-dead.fifo',
        },
      },
      eventBus: 'default',
      retireMode: 'plan',
    });
    expect(policySet.policies.map(({ id }) => id)).toEqual(['web-daily', 'db-6h']);
  });

  it('removes nothing unless it says apply, in this very spelling', () => {
    expect(parseEnvironment({ ...GOOD, IMAGO_RETIRE_MODE: 'apply' }).retireMode).toBe('apply');
    expect(messageOf({ IMAGO_RETIRE_MODE: 'Apply' })).toContain('IMAGO_RETIRE_MODE: ');
    expect(messageOf({ IMAGO_RETIRE_MODE: '' })).toContain('IMAGO_RETIRE_MODE: ');
  });

  it("takes a share of EC2's request rates from 10 to 100 percent, if it says one", () => {
    expect(parseEnvironment({ ...GOOD, IMAGO_API_SHARE: '10' }).apiSharePercent).toBe(10);
    expect(parseEnvironment({ ...GOOD, IMAGO_API_SHARE: '100' }).apiSharePercent).toBe(100);
    expect(parseEnvironment(GOOD).apiSharePercent).toBeUndefined();
    for (const share of ['', '9', '101', '0.8', '80 ', '1e2']) {
      expect(messageOf({ IMAGO_API_SHARE: share })).toContain(
        'IMAGO_API_SHARE: expected a whole percentage from 10 to 100',
      );
    }
  });

  it('is a value that nobody changes', () => {
    expect(Object.isFrozen(parseEnvironment(GOOD))).toBe(true);
  });

  it.each(Object.keys(GOOD))('is refused without %s, which is named', (name) => {
    const message = messageOf({ [name]: undefined });

    expect(message).toMatch(new RegExp(`^the environment cannot be used: ${name}: is not set$`));
  });

  it('names every variable that is wrong', () => {
    const message = messageOf({ IMAGO_HOME_ACCOUNT: '1234', IMAGO_DEPLOYMENT: 'Prod' });

    expect(message).toContain('IMAGO_HOME_ACCOUNT: expected twelve digits');
    expect(message).toContain('IMAGO_DEPLOYMENT: ');
  });

  it.each([
    ['IMAGO_DEPLOYMENT', ''],
    ['IMAGO_DEPLOYMENT', 'a'.repeat(17)],
    ['IMAGO_DEPLOYMENT', 'team/prod'],
    ['IMAGO_DEPLOYMENT', '-prod'],
    ['IMAGO_HOME_ACCOUNT', '11112222333'],
    ['IMAGO_HOME_ACCOUNT', '1111-2222-3333'],
    ['IMAGO_HOME_REGION', ''],
    ['IMAGO_POLICY_FILE', ''],
    ['IMAGO_BACKUP_QUEUE_URL', 'backup.fifo'],
    ['IMAGO_RETIRE_DEAD_LETTER_URL', ''],
    ['IMAGO_EVENT_BUS', ''],
  ])('is refused with %s as %j', (name, value) => {
    expect(messageOf({ [name]: value })).toContain(`${name}: `);
  });

  it('takes several policy files together, and folders of them', () => {
    const folder = join(EXAMPLE, '..');
    const { policySet } = parseEnvironment({
      ...GOOD,
      IMAGO_POLICY_FILE: `${EXAMPLE},${folder}`,
    });

    expect(policySet.policies.map(({ id }) => id)).toEqual(['web-daily', 'db-6h', 'db', 'legacy']);
    expect(policySet.adoptions.map(({ id }) => id)).toEqual(['web-images']);
  });

  it('is refused with a policy file that is not there', () => {
    expect(refusal({ IMAGO_POLICY_FILE: `${EXAMPLE}.bak` })).toBeInstanceOf(UnusableFileError);
  });

  it('is refused with a policy file that is wrong for its home', () => {
    // The example copies to Ireland.
    const error = refusal({ IMAGO_HOME_REGION: 'eu-west-1' });

    expect(error).toBeInstanceOf(InvalidPolicyError);
    expect(String(error)).toContain(
      'policies[0].copyTo[0].region: eu-west-1 is where the instances are',
    );
  });

  it('is that of the process', () => {
    expect(processEnvironment()).toHaveProperty('PATH');
  });
});

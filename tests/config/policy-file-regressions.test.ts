import { describe, expect, it } from 'vitest';
import { InvalidPolicyError, parsePolicyFile } from '../../shared/config/policy-file.ts';

const POLICY = `version: 1
policies:
  - id: web
    select: {tags: {Backup: daily}}
    when: [{schedule: rate(1 day)}]
    keep: {last: 3}
`;

const messageOf = (text: string): string => {
  try {
    parsePolicyFile(text, 'p.yml', 'eu-central-1');
  } catch (error) {
    if (error instanceof InvalidPolicyError) return error.message.split('\n')[0] ?? '';
    throw error;
  }
  return 'accepted';
};

/** Ten to the eighth nodes, from a few hundred characters. */
const BOMB = [
  'a: &a [x, x, x, x, x, x, x, x, x, x]',
  ...'bcdefgh'.split('').map((key, index) => {
    const alias = `*${'abcdefg'[index]}`;
    return `${key}: &${key} [${Array.from({ length: 10 }, () => alias).join(', ')}]`;
  }),
].join('\n');

describe('a policy file', () => {
  it('is refused when an alias points to nothing', () => {
    expect(messageOf(POLICY.replace('{last: 3}', '*nope'))).toMatch(
      /^p\.yml:1:1 an alias cannot be resolved: .*nope/,
    );
  });

  it('is refused when its aliases write out to far more than it has', () => {
    expect(messageOf(BOMB)).toMatch(/^p\.yml:1:1 an alias cannot be resolved: /);
  });

  it('names the field and the reason when it sets a reserved tag', () => {
    expect(messageOf(`${POLICY}    tags: {set: {"aws:x": y}}\n`)).toBe(
      'p.yml:7:18 policies[0].tags.set.aws:x: keys that begin with aws: or imago: are reserved',
    );
  });

  it('is refused when it sets more tags than EC2 leaves room for', () => {
    const set = Array.from({ length: 31 }, (_, index) => `k${index}: v`).join(', ');

    expect(messageOf(`${POLICY}    tags: {set: {${set}}}\n`)).toBe(
      'p.yml:7:12 policies[0].tags.set: expected 30 tags at most',
    );
  });

  it('says what a duration looks like when it finds a number', () => {
    expect(messageOf(`${POLICY}    rpo: 26\n`)).toBe(
      'p.yml:7:5 policies[0].rpo: expected a whole number with m, h, d or w, such as 90m, 26h, 7d',
    );
  });

  it('names a schedule that never fires, and not also the RPO that follows from it', () => {
    const text = POLICY.replace('rate(1 day)', 'cron(0 2 31 2 ? *)');

    expect(messageOf(text)).toBe(
      'p.yml:5:13 policies[0].when[0].schedule: cron(0 2 31 2 ? *) never fires',
    );
    expect(messageOf(text)).not.toContain('rpo');
  });

  it.each([
    'cron(0 2 ? * 8 *)',
    'cron(0 2 ? * +MON *)',
    'cron(0 2 * * ? 2300)',
    'cron(/5 2 * * ? *)',
    'rate(99999999999999 days)',
  ])('is refused when EventBridge would not take its schedule: %s', (schedule) => {
    expect(messageOf(POLICY.replace('rate(1 day)', schedule))).toMatch(
      /^p\.yml:5:13 policies\[0\]\.when\[0\]\.schedule: /,
    );
  });
});

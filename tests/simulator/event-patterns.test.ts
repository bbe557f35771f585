import { describe, expect, it } from 'vitest';
import { compilePattern } from '../../simulator/services/events/event-pattern.ts';
import { refusalOf } from './services.ts';

const matches = (pattern: object, event: unknown) => compilePattern(JSON.stringify(pattern))(event);

const event = {
  source: 'aws.ec2',
  account: '111122223333',
  resources: ['arn:aws:ec2:eu-central-1::image/ami-1', 'other'],
  empty: [],
  detail: {
    State: 'available',
    ErrorMessage: '',
    nothing: null,
    isOk: true,
    nested: { deep: 7 },
    ip: '10.1.2.3',
    ip6: '2001:db8:1234:1a00::1',
    disks: [
      { name: 'a', gib: 8 },
      { name: 'b', gib: 100 },
    ],
  },
};

describe('event patterns', () => {
  it.each([
    [{ source: ['aws.ec2'] }, true],
    [{ source: ['aws.s3', 'aws.ec2'] }, true],
    [{ source: ['aws.s3'] }, false],
    [{ source: ['aws.ec2'], detail: { State: ['failed'] } }, false],
    [{ detail: { State: ['available', 'failed'], nested: { deep: [7] } } }, true],
    [{ detail: { nested: { deep: ['7'] } } }, false],
    [{ detail: { state: ['available'] } }, false],
    [{ detail: { isOk: [true] } }, true],
    [{ detail: { nothing: [null] } }, true],
    [{ detail: { State: [null] } }, false],
    [{ resources: [{ suffix: '/ami-1' }] }, true],
    [{ detail: { State: [{ suffix: { 'equals-ignore-case': 'ABLE' } }] } }, true],
    [{ source: [{ prefix: 'aws.' }] }, true],
    [{ source: [{ prefix: { 'equals-ignore-case': 'AWS.' } }] }, true],
    [{ source: [{ prefix: 'imago.' }] }, false],
    [{ detail: { State: [{ 'equals-ignore-case': 'AVAILABLE' }] } }, true],
    [{ detail: { State: [{ 'equals-ignore-case': 'AVAIL' }] } }, false],
  ])('%j matches values and parts of them: %s', (pattern, isMatch) => {
    expect(matches(pattern, event)).toBe(isMatch);
  });

  it.each([
    [{ detail: { ErrorMessage: [{ exists: true }] } }, true],
    [{ detail: { nothing: [{ exists: true }] } }, true],
    [{ detail: { Missing: [{ exists: false }] } }, true],
    [{ detail: { Missing: [{ exists: true }] } }, false],
    [{ detail: [{ exists: true }] }, false],
    [{ empty: [{ exists: true }] }, false],
    [{ empty: [{ exists: false }] }, true],
  ])('%j looks for what is there, among values alone: %s', (pattern, isMatch) => {
    expect(matches(pattern, event)).toBe(isMatch);
  });

  it.each([
    [{ State: [{ 'anything-but': ['failed', 'disabled'] }] }, true],
    [{ State: [{ 'anything-but': 'available' }] }, false],
    [{ State: [{ 'anything-but': { prefix: 'avail' } }] }, false],
    [{ State: [{ 'anything-but': { prefix: ['fail', 'dis'] } }] }, true],
    [{ State: [{ 'anything-but': { suffix: ['able'] } }] }, false],
    [{ State: [{ 'anything-but': { wildcard: 'a*e' } }] }, false],
    [{ State: [{ 'anything-but': { 'equals-ignore-case': ['AVAILABLE'] } }] }, false],
    [{ nested: { deep: [{ 'anything-but': [8, 9] }] } }, true],
    [{ nothing: [{ 'anything-but': 'available' }] }, true],
    [{ Missing: [{ 'anything-but': 'available' }] }, false],
  ])('%j excludes what it names, of what is there: %s', (detail, isMatch) => {
    expect(matches({ detail }, event)).toBe(isMatch);
  });

  it.each([
    [{ nested: { deep: [{ numeric: ['=', 7] }] } }, true],
    [{ nested: { deep: [{ numeric: ['>', 0, '<=', 7] }] } }, true],
    [{ nested: { deep: [{ numeric: ['>', 7] }] } }, false],
    [{ State: [{ numeric: ['>', 0] }] }, false],
    [{ ip: [{ cidr: '10.1.0.0/16' }] }, true],
    [{ ip: [{ cidr: '10.2.0.0/16' }] }, false],
    [{ ip6: [{ cidr: '2001:db8:1234:1a00::/64' }] }, true],
    [{ ip: [{ cidr: '2001:db8:1234:1a00::/64' }] }, false],
    [{ State: [{ wildcard: '*ail*' }] }, true],
    [{ State: [{ wildcard: 'a\\*' }] }, false],
  ])('%j compares numbers, addresses and wildcards: %s', (detail, isMatch) => {
    expect(matches({ detail }, event)).toBe(isMatch);
  });

  it.each([
    [{ $or: [{ source: ['aws.s3'] }, { detail: { State: ['available'] } }] }, true],
    [{ $or: [{ source: ['aws.s3'] }, { detail: { State: ['failed'] } }] }, false],
    [{ source: ['aws.s3'], $or: [{ account: ['111122223333'] }, { source: ['aws.ec2'] }] }, false],
    [{ detail: { disks: { name: ['a'], gib: [8] } } }, true],
    [{ detail: { disks: { name: ['a'], gib: [100] } } }, false],
  ])('%j combines patterns, and takes objects of a list one by one: %s', (pattern, isMatch) => {
    expect(matches(pattern, event)).toBe(isMatch);
  });

  it.each([
    ['[1]', 'Filter is not an object'],
    ['{"source": "aws.ec2"}', '"source" must be an object or an array'],
    ['{"source": []}', 'Empty arrays are not allowed'],
    ['{"source": [["a"]]}', 'Match value must be String, number, true, false, or null'],
    ['{"source": [{"EXISTS": true}]}', 'Unrecognized match type EXISTS'],
    ['{"source": [{"prefix": "a", "suffix": "b"}]}', 'Only one key allowed in match expression'],
    ['{"source": [{"exists": "yes"}]}', 'exists match pattern must be either true or false.'],
    ['{"source": [{"prefix": 123}]}', 'prefix match pattern must be a string'],
    ['{"n": [{"numeric": 10}]}', 'Value of numeric must be an array.'],
    ['{"n": [{"numeric": [">", 0, ">", 0]}]}', 'Bad numeric range operator: >'],
    ['{"n": [{"numeric": [">", 0, "<"]}]}', 'Value of < must be numeric'],
    ['{"ip": [{"cidr": "10.0.0.0"}]}', "Malformed CIDR, one '/' required"],
    ['{"ip": [{"cidr": "10.0.0.0/x"}]}', 'Malformed CIDR, mask bits must be an integer'],
    ['{"ip": [{"cidr": "xx.11.xx/8"}]}', 'Nonstandard IP address: xx.11.xx'],
    ['{"a": [{"wildcard": "x**"}]}', 'Consecutive wildcard characters at pos 2'],
    [
      '{"a": [{"anything-but": ["stopped", null]}]}',
      'Inside anything but list, start|null|boolean is not supported.',
    ],
    ['{"a": [{"anything-but": {"prefix": ""}}]}', 'Null prefix/suffix not allowed'],
    [
      '{"a": [{"anything-but": {"prefix": {"equals-ignore-case": "x"}}}]}',
      'Value of anything-but must be an array or single string/number value.',
    ],
  ])('%s is refused in the words of EventBridge', (pattern, reason) => {
    expect(refusalOf(() => compilePattern(pattern))).toBe(
      `InvalidEventPatternException: Event pattern is not valid. Reason: ${reason}`,
    );
  });

  it('is refused when it is no JSON', () => {
    expect(refusalOf(() => compilePattern("{'bad': 'quotes'}"))).toMatch(
      /^InvalidEventPatternException: Event pattern is not valid\. Reason: /,
    );
  });
});

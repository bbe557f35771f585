import type {
  DescribeParametersResult,
  GetParameterHistoryResult,
  GetParameterResult,
  GetParametersByPathResult,
  GetParametersResult,
} from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import { ACCOUNT, createBench, DR, HOME, MINUTE } from './fixture.ts';
import { askOf, refusalOf } from './services.ts';

const anSsm = () => {
  const bench = createBench();
  const ask = askOf(bench.cloud, 'ssm');
  const put = (Name: string, Value: string, more: object = {}) =>
    ask('PutParameter', { Name, Value, Type: 'String', ...more });
  const putAgain = (Name: string, Value: string, more: object = {}) =>
    put(Name, Value, { Overwrite: true, ...more });
  const get = (Name: string, more: object = {}) =>
    ask<GetParameterResult>('GetParameter', { Name, ...more }).Parameter;
  return { ...bench, ask, put, putAgain, get };
};

describe('a parameter', () => {
  it('is put and read', () => {
    const { put, get } = anSsm();
    expect(put('/app/db/url', 'x')).toEqual({ Version: 1, Tier: 'Standard' });
    expect(get('/app/db/url')).toEqual({
      Name: '/app/db/url',
      Type: 'String',
      Value: 'x',
      Version: 1,
      Selector: undefined,
      LastModifiedDate: new Date('2026-11-21T03:00:00Z'),
      ARN: 'arn:aws:ssm:eu-central-1:111122223333:parameter/app/db/url',
      DataType: 'text',
    });
  });

  it('without a path is the same with and without its slash, and by its ARN', () => {
    const { put, get } = anSsm();
    put('plain', 'x');
    const ARN = 'arn:aws:ssm:eu-central-1:111122223333:parameter/plain';
    expect(get('/plain')).toMatchObject({ Name: '/plain', Value: 'x', ARN });
    expect(get(ARN)).toMatchObject({ Name: 'plain', Value: 'x', ARN });
  });

  it('is of one account and Region', () => {
    const { ask, put, cloud } = anSsm();
    put('a', 'x');
    const get = (account: string, region: string) => () =>
      ask('GetParameter', { Name: 'a' }, cloud.callAs(account, region));
    expect(refusalOf(get(ACCOUNT, DR))).toBe('ParameterNotFound: ');
    expect(refusalOf(get('444455556666', HOME))).toBe('ParameterNotFound: ');
  });

  it('is overwritten only when that is said, and keeps what is not', () => {
    const { put, putAgain, get, ask } = anSsm();
    put('a', 'one', { Description: 'first', AllowedPattern: '\\w+' });
    expect(refusalOf(() => put('a', 'two'))).toBe(
      'ParameterAlreadyExists: The parameter already exists. To overwrite this value, set the ' +
        'overwrite option in the request to true.',
    );
    expect(putAgain('a', 'two')).toEqual({ Version: 2, Tier: 'Standard' });
    expect(get('a')).toMatchObject({ Value: 'two', Version: 2 });
    const { Parameters } = ask<DescribeParametersResult>('DescribeParameters');
    expect(Parameters).toMatchObject([{ Name: 'a', Description: 'first', AllowedPattern: '\\w+' }]);
    expect(refusalOf(() => putAgain('a', '?!'))).toBe(
      'ParameterPatternMismatchException: Parameter value, cannot be validated against ' +
        'allowedPattern: \\w+',
    );
  });

  it('that is secure is read encrypted, unless asked otherwise', () => {
    const { put, get } = anSsm();
    put('secret', 'x', { Type: 'SecureString' });
    expect(get('secret', { WithDecryption: true })?.Value).toBe('x');
    const held = get('secret')?.Value;
    expect(held).not.toBe('x');
    expect(get('secret')?.Value).toBe(held);
  });

  it.each([
    [
      'aws-one',
      {},
      'ValidationException: Parameter name: can\'t be prefixed with "aws" or "ssm" (case-insensitive).',
    ],
    ['SSM_one', {}, 'ValidationException: Parameter name: can\'t be prefixed with "aws" or "ssm"'],
    ['/aws/one', {}, 'AccessDeniedException: No access to reserved parameter name: /aws/one.'],
    ['/a//b', {}, 'sub-paths divided by slash symbol'],
    ['a/b', {}, 'sub-paths divided by slash symbol'],
    ['a b', {}, 'sub-paths divided by slash symbol'],
    ['/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16', {}, 'HierarchyLevelLimitExceededException'],
    [
      'a',
      { Type: undefined },
      'ValidationException: A parameter type is required when you create a parameter.',
    ],
    [
      'a',
      { Type: 'Text' },
      'Member must satisfy enum value set: [SecureString, StringList, String]',
    ],
    [
      'a',
      { Value: '' },
      "Value '' at 'value' failed to satisfy constraint: Member must have length greater",
    ],
    [
      'a',
      { DataType: 'aws:s3' },
      'ValidationException: The following data type is not supported: aws:s3',
    ],
    [
      'a',
      { Value: 'x'.repeat(4_097) },
      'ValidationException: Standard tier parameters support a maximum',
    ],
    [
      'a',
      { Overwrite: true, Tags: [{ Key: 'k', Value: 'v' }] },
      "tags and overwrite can't be used together",
    ],
    ['a', { AllowedPattern: '(' }, 'InvalidAllowedPatternException'],
    ['a', { KeyId: 'alias/mine' }, 'ValidationException: KeyId is not supported'],
    ['a', { Policies: '[]' }, 'InvalidPolicyTypeException'],
  ])('called %s, with %j, is refused', (name, more, refusal) => {
    const { put, ask } = anSsm();
    expect(refusalOf(() => put(name, 'x', more))).toContain(refusal);
    expect(ask('DescribeParameters')).toMatchObject({ Parameters: [] });
  });

  it('changes neither its type nor, to a lower one, its tier', () => {
    const { put, putAgain } = anSsm();
    const large = 'x'.repeat(4_097);
    expect(put('a', large, { Tier: 'Intelligent-Tiering' })).toMatchObject({ Tier: 'Advanced' });
    expect(refusalOf(() => putAgain('a', 'x', { Tier: 'Standard' }))).toContain("can't downgrade");
    expect(refusalOf(() => putAgain('a', 'x', { Type: 'StringList' }))).toContain(
      'HierarchyTypeMismatchException',
    );
  });

  it('is deleted, alone or with others, and begins anew', () => {
    const { ask, put, putAgain } = anSsm();
    for (const name of ['a', 'b', 'c']) put(name, 'x');
    putAgain('a', 'y');
    ask('DeleteParameter', { Name: 'a' });
    expect(refusalOf(() => ask('DeleteParameter', { Name: 'a' }))).toBe('ParameterNotFound: ');
    expect(ask('DeleteParameters', { Names: ['b', 'none'] })).toEqual({
      DeletedParameters: ['b'],
      InvalidParameters: ['none'],
    });
    expect(put('a', 'x')).toMatchObject({ Version: 1 });
  });

  it('has tags', () => {
    const { ask, put } = anSsm();
    put('a', 'x', { Tags: [{ Key: 'k', Value: 'v' }] });
    const of = { ResourceType: 'Parameter', ResourceId: 'a' };
    ask('AddTagsToResource', { ...of, Tags: [{ Key: 'l', Value: 'w' }] });
    ask('RemoveTagsFromResource', { ...of, TagKeys: ['k'] });
    expect(ask('ListTagsForResource', of)).toEqual({ TagList: [{ Key: 'l', Value: 'w' }] });
    expect(refusalOf(() => ask('ListTagsForResource', { ...of, ResourceId: 'none' }))).toBe(
      'InvalidResourceId: ',
    );
    expect(refusalOf(() => ask('ListTagsForResource', { ...of, ResourceType: 'Image' }))).toContain(
      'Member must satisfy enum value set',
    );
  });

  it('is read by another account by its ARN, once it is shared', () => {
    const { ask, put, cloud } = anSsm();
    put('/shared/ami', 'ami-1');
    const Name = 'arn:aws:ssm:eu-central-1:111122223333:parameter/shared/ami';
    const other = cloud.callAs('444455556666', HOME);
    expect(refusalOf(() => ask('GetParameter', { Name }, other))).toBe('ParameterNotFound: ');
    cloud.parameters.share({ account: ACCOUNT, region: HOME }, '/shared/ami', '444455556666');
    expect(ask('GetParameter', { Name }, other)).toMatchObject({ Parameter: { Value: 'ami-1' } });
    expect(ask('DescribeParameters', { Shared: true }, other)).toMatchObject({
      Parameters: [{ Name: '/shared/ami', ARN: Name }],
    });
  });
});

describe('versions', () => {
  it('are selected by number and by label, which only one of them has', () => {
    const { ask, put, putAgain, get } = anSsm();
    put('a', 'one');
    putAgain('a', 'two');
    const label = (ParameterVersion: number | undefined, ...Labels: readonly string[]) =>
      ask('LabelParameterVersion', { Name: 'a', ParameterVersion, Labels });
    expect(label(1, 'prod')).toEqual({ InvalidLabels: [], ParameterVersion: 1 });
    expect(get('a:1')).toMatchObject({ Name: 'a', Selector: ':1', Value: 'one' });
    expect(get('a:prod')).toMatchObject({ Selector: ':prod', Value: 'one' });
    expect(label(undefined, 'prod', '1st', 'aws-x')).toEqual({
      InvalidLabels: ['1st', 'aws-x'],
      ParameterVersion: 2,
    });
    expect(get('a:prod')?.Value).toBe('two');
    expect(
      ask('UnlabelParameterVersion', { Name: 'a', ParameterVersion: 2, Labels: ['prod', 'x'] }),
    ).toEqual({ RemovedLabels: ['prod'], InvalidLabels: ['x'] });
    expect(refusalOf(() => get('a:prod'))).toBe(
      'ParameterVersionNotFound: Systems Manager could not find label prod for parameter a. ' +
        'Verify the version and try again.',
    );
    expect(refusalOf(() => get('a:9'))).toContain('could not find version 9 of a.');
    expect(refusalOf(() => label(9, 'x'))).toContain('ParameterVersionNotFound');
  });

  it('have ten labels at most', () => {
    const { ask, put } = anSsm();
    put('a', 'one');
    const ten = Array.from({ length: 10 }, (_, index) => `l${index}`);
    ask('LabelParameterVersion', { Name: 'a', Labels: ten });
    const another = () => ask('LabelParameterVersion', { Name: 'a', Labels: ['more'] });
    expect(refusalOf(another)).toContain('ParameterVersionLabelLimitExceeded');
  });

  it('are kept a hundred of, unless the oldest has a label', () => {
    const { ask, put, putAgain } = anSsm();
    put('a', '1');
    for (let version = 2; version <= 101; version += 1) putAgain('a', String(version));
    const history = () => {
      const all: (number | undefined)[] = [];
      for (let NextToken: string | undefined, page = 0; page < 9; page += 1) {
        const part = ask<GetParameterHistoryResult>('GetParameterHistory', {
          Name: 'a',
          NextToken,
        });
        all.push(...(part.Parameters ?? []).map(({ Version }) => Version));
        NextToken = part.NextToken;
        if (NextToken === undefined) break;
      }
      return all;
    };
    expect([history().length, history()[0], history()[99]]).toEqual([100, 2, 101]);
    ask('LabelParameterVersion', { Name: 'a', ParameterVersion: 2, Labels: ['prod'] });
    expect(refusalOf(() => putAgain('a', '102'))).toBe(
      'ParameterMaxVersionLimitExceeded: You attempted to create a new version of a by calling the ' +
        "PutParameter API with the overwrite flag. Version 2, the oldest version, can't be deleted " +
        'because it has a label associated with it. Move the label to another version of the ' +
        'parameter, and try again.',
    );
    ask('LabelParameterVersion', { Name: 'a', ParameterVersion: 50, Labels: ['prod'] });
    expect(putAgain('a', '102')).toMatchObject({ Version: 102 });
  });
});

describe('several parameters', () => {
  const many = () => {
    const setup = anSsm();
    setup.put('/app/a', '1');
    setup.put('/app/b', '2', { Type: 'StringList' });
    setup.put('/app/deep/c', '3', { Tags: [{ Key: 'env', Value: 'prod' }] });
    setup.put('other', '4', { Type: 'SecureString' });
    return setup;
  };
  interface Named {
    readonly Parameters?: readonly { Name?: string | undefined }[] | undefined;
  }
  const names = ({ Parameters = [] }: Named) => Parameters.map(({ Name }) => Name);

  it('are read by name, those that are not there named', () => {
    const { ask } = many();
    const Names = ['/app/a', 'none', '/app/b:1', '/app/b:7'];
    const result = ask<GetParametersResult>('GetParameters', { Names });
    expect(names(result)).toEqual(['/app/a', '/app/b']);
    expect(result.InvalidParameters).toEqual(['none', '/app/b:7']);
    const eleven = Array.from({ length: 11 }, (_, index) => `p${index}`);
    expect(refusalOf(() => ask('GetParameters', { Names: eleven }))).toContain(
      "at 'names' failed to satisfy constraint: Member must have length less than or equal to 10",
    );
  });

  it('are read by path, at one level or at all, in pages', () => {
    const { ask } = many();
    const byPath = (input: object) => ask<GetParametersByPathResult>('GetParametersByPath', input);
    expect(names(byPath({ Path: '/app' }))).toEqual(['/app/a', '/app/b']);
    expect(names(byPath({ Path: '/app/', Recursive: true }))).toEqual([
      '/app/a',
      '/app/b',
      '/app/deep/c',
    ]);
    const first = byPath({ Path: '/app', Recursive: true, MaxResults: 2 });
    const rest = { Path: '/app', Recursive: true, MaxResults: 2, NextToken: first.NextToken };
    expect([names(first), names(byPath(rest)), byPath(rest).NextToken]).toEqual([
      ['/app/a', '/app/b'],
      ['/app/deep/c'],
      undefined,
    ]);
    const lists = [{ Key: 'Type', Values: ['StringList'] }];
    expect(names(byPath({ Path: '/app', ParameterFilters: lists }))).toEqual(['/app/b']);
    expect(refusalOf(() => byPath({ Path: 'app' }))).toContain('must begin with a forward slash');
    expect(refusalOf(() => byPath({ Path: '/app', MaxResults: 11 }))).toContain(
      "Value '11' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 10",
    );
    expect(refusalOf(() => byPath({ Path: '/app', NextToken: 'x' }))).toContain('InvalidNextToken');
  });

  it.each([
    [[{ Key: 'Name', Values: ['/app/a'] }], ['/app/a']],
    [[{ Key: 'Name', Option: 'Contains', Values: ['deep'] }], ['/app/deep/c']],
    [
      [{ Key: 'Name', Option: 'BeginsWith', Values: ['/app', 'o'] }],
      ['/app/a', '/app/b', '/app/deep/c', 'other'],
    ],
    [[{ Key: 'Path', Values: ['/app'] }], ['/app/a', '/app/b']],
    [
      [{ Key: 'Path', Option: 'Recursive', Values: ['/'] }],
      ['/app/a', '/app/b', '/app/deep/c', 'other'],
    ],
    [[{ Key: 'tag:env', Values: ['prod'] }], ['/app/deep/c']],
    [[{ Key: 'KeyId', Values: ['alias/aws/ssm'] }], ['other']],
    [
      [
        { Key: 'Type', Values: ['String'] },
        { Key: 'Tier', Values: ['Standard'] },
      ],
      ['/app/a', '/app/deep/c'],
    ],
  ])('are described by the filters %j', (ParameterFilters, found) => {
    const { ask } = many();
    expect(names(ask('DescribeParameters', { ParameterFilters }))).toEqual(found);
  });

  it.each([
    [
      [{ Key: 'Label', Values: ['x'] }],
      'InvalidFilterKey: The following filter key is not valid: Label.',
    ],
    [
      [{ Key: 'Colour', Values: ['x'] }],
      'Member must satisfy regular expression pattern: tag:.+|Name|Type',
    ],
    [
      [{ Key: 'Name', Option: 'Like', Values: ['x'] }],
      'InvalidFilterOption: The following filter option is not valid: Like.',
    ],
    [
      [{ Key: 'Path', Option: 'Equals', Values: ['/x'] }],
      'InvalidFilterOption: The following filter option is not valid: Equals.',
    ],
    [[{ Key: 'Name' }], 'InvalidFilterValue: The following filter values are missing'],
    [
      [{ Key: 'Type', Values: ['Text'] }],
      'InvalidFilterValue: The following filter value is not valid: Text.',
    ],
    [
      [
        { Key: 'Name', Values: ['a'] },
        { Key: 'Name', Values: ['b'] },
      ],
      'InvalidFilterKey: The following filter is duplicated in the request: Name.',
    ],
  ])('are not described by %j', (ParameterFilters, refusal) => {
    const { ask } = many();
    expect(refusalOf(() => ask('DescribeParameters', { ParameterFilters }))).toContain(refusal);
  });

  it('stay while time goes by', async () => {
    const { ask, pass } = many();
    await pass(MINUTE);
    expect(names(ask('DescribeParameters'))).toHaveLength(4);
  });
});

import { DescribeImages$, EnableImageDeprecation$, ImportKeyPair$ } from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { operation } from '../../../simulator/wire/api.ts';
import { routeTo } from './clients.ts';

const AUTHORIZATION = 'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20270115/eu-west-1/ec2/aws4_request';

/** What EC2 is given for a form, or the error that the form gets. */
const read = (form: string): unknown => {
  let given: unknown;
  const keep = (input: unknown) => {
    given = input;
    return {};
  };
  const route = routeTo([
    {
      id: 'ec2',
      operations: {
        DescribeImages: operation(DescribeImages$, keep),
        EnableImageDeprecation: operation(EnableImageDeprecation$, keep),
        ImportKeyPair: operation(ImportKeyPair$, keep),
      },
    },
  ]);
  const body = `Version=2016-11-15&${form}`;
  const answer = route({ headers: { authorization: AUTHORIZATION }, body });
  if (answer.statusCode === 200) return given;
  const [, code, message] =
    /<Code>(.*)<\/Code><Message>(.*)<\/Message>/.exec(new TextDecoder().decode(answer.body)) ?? [];
  return `${code}: ${message}`;
};

describe('a time in a form', () => {
  const at = (text: string): unknown =>
    read(`Action=EnableImageDeprecation&ImageId=ami-1&DeprecateAt=${encodeURIComponent(text)}`);

  test.each([
    ['2026-11-21T02:03:04Z', '2026-11-21T02:03:04.000Z'],
    ['2026-11-21T02:03:04.567Z', '2026-11-21T02:03:04.567Z'],
    ['2026-11-21T02:03:04+01:00', '2026-11-21T01:03:04.000Z'],
    ['2026-11-21T02:03:04', '2026-11-21T02:03:04.000Z'],
    ['2026-11-21T02:03', '2026-11-21T02:03:00.000Z'],
    ['2026-11-21', '2026-11-21T00:00:00.000Z'],
    ['1700000000', '2023-11-14T22:13:20.000Z'],
    ['1700000000.5', '2023-11-14T22:13:20.500Z'],
  ])('may be %s, in UTC where no zone is named', (text, iso) => {
    expect(at(text)).toStrictEqual({ ImageId: 'ami-1', DeprecateAt: new Date(iso) });
  });

  test.each(['tomorrow', '2026-11-21 02:03:04', '2026-13-01', '2026-11-21T25:00:00Z', '', '9e99'])(
    'is refused if it is %j',
    (text) => {
      expect(at(text)).toBe(
        `InvalidParameterValue: Value (${text}) for parameter deprecateAt is invalid.`,
      );
    },
  );
});

describe('bytes in a form', () => {
  test('are Base64', () => {
    expect(read('Action=ImportKeyPair&KeyName=k&PublicKeyMaterial=AQID')).toStrictEqual({
      KeyName: 'k',
      PublicKeyMaterial: new Uint8Array([1, 2, 3]),
    });
  });

  test.each(['AQI', 'A*ID', 'A=ID'])('are refused as %s', (text) => {
    expect(read(`Action=ImportKeyPair&KeyName=k&PublicKeyMaterial=${text}`)).toBe(
      `InvalidParameterValue: Value (${text}) for parameter publicKeyMaterial is invalid.`,
    );
  });
});

describe('a number in a form', () => {
  test.each([
    ['5', 5],
    ['%2B5', 5],
    ['-5', -5],
    ['5.5', 5.5],
    ['5e2', 500],
  ])('may be %s', (text, value) => {
    expect(read(`Action=DescribeImages&MaxResults=${text}`)).toStrictEqual({ MaxResults: value });
  });

  test.each(['', '0x10', '5a', 'NaN', 'Infinity', '.'])('is refused if it is %j', (text) => {
    expect(read(`Action=DescribeImages&MaxResults=${text}`)).toBe(
      `InvalidParameterValue: Value (${text}) for parameter maxResults is invalid.`,
    );
  });
});

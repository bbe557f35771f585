import {
  AssumeRole$,
  AssumeRoleCommand,
  type AssumeRoleRequest,
  type AssumeRoleResponse,
  AssumeRoleWithWebIdentity$,
  ExpiredTokenException,
  GetCallerIdentity$,
  GetCallerIdentityCommand,
  IDPRejectedClaimException,
} from '@aws-sdk/client-sts';
import { describe, expect, test } from 'vitest';
import { ApiError, type Call, operation } from '../../../simulator/wire/api.ts';
import type { WireRequest } from '../../../simulator/wire/router.ts';
import { ACCOUNT, routeTo, stsOn } from './clients.ts';
import { MAKE_COFFEE } from './made-up.ts';
import { findLosses, inputAsRead, outputAsRead } from './round-trip.ts';

const SCOPE = 'AKIDEXAMPLE/20270115/eu-west-1/sts/aws4_request';
const SIGNED = { authorization: `AWS4-HMAC-SHA256 Credential=${SCOPE}, Signature=0` };
const VERSION = 'Version=2011-06-15';

type Answer = (input: AssumeRoleRequest, call: Call) => AssumeRoleResponse;

const cloud = (answer: Answer = () => ({})) =>
  routeTo([
    {
      id: 'sts',
      operations: {
        AssumeRole: operation(AssumeRole$, answer),
        AssumeRoleWithWebIdentity: operation(AssumeRoleWithWebIdentity$, answer),
        GetCallerIdentity: operation(GetCallerIdentity$, (_input, { account }: Call) => ({
          Account: account,
        })),
      },
    },
  ]);

const ask = (request: Partial<WireRequest>, answer?: Answer) => {
  const response = cloud(answer)({ headers: SIGNED, ...request });
  return { ...response, body: new TextDecoder().decode(response.body) };
};

const errorBody = (code: string, message: string): string =>
  '<?xml version="1.0" encoding="UTF-8"?>\n' +
  '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>' +
  `<Code>${code}</Code><Message>${message}</Message></Error>` +
  '<RequestId>req-1</RequestId></ErrorResponse>';

describe('an answer of STS', () => {
  test('is the XML that STS writes', () => {
    const expiration = new Date('2026-11-21T03:04:05Z');
    const answer = ask(
      { body: `Action=AssumeRole&RoleArn=a&RoleSessionName=b&${VERSION}` },
      () => ({
        Credentials: {
          AccessKeyId: 'ASIA1',
          SecretAccessKey: 's<',
          SessionToken: 't',
          Expiration: expiration,
        },
        PackedPolicySize: 6,
      }),
    );

    expect(answer).toStrictEqual({
      statusCode: 200,
      headers: { 'content-type': 'text/xml', 'x-amzn-requestid': 'req-1' },
      body:
        '<?xml version="1.0" encoding="UTF-8"?>\n' +
        '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>' +
        '<Credentials><AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>s&lt;</SecretAccessKey>' +
        '<SessionToken>t</SessionToken><Expiration>2026-11-21T03:04:05.000Z</Expiration>' +
        '</Credentials><PackedPolicySize>6</PackedPolicySize></AssumeRoleResult>' +
        '<ResponseMetadata><RequestId>req-1</RequestId></ResponseMetadata></AssumeRoleResponse>',
    });
  });

  test('reaches the SDK client', async () => {
    const output = await stsOn(cloud()).send(new GetCallerIdentityCommand({}));

    expect(output).toMatchObject({ Account: ACCOUNT, $metadata: { requestId: 'req-1' } });
  });
});

describe('a form for STS', () => {
  const inputs: AssumeRoleRequest[] = [];
  const keep: Answer = (input) => {
    inputs.push(input);
    return {};
  };

  const role =
    `Action=AssumeRole&${VERSION}&RoleArn=arn&RoleSessionName=me&DurationSeconds=900` +
    '&Tags.member.2.Key=b&Tags.member.2.Value=2&Tags.member.1.Key=a&Tags.member.1.Value=1' +
    '&TransitiveTagKeys=&Colour=red';

  test.each<[string, Partial<WireRequest>]>([
    ['in the body', { body: role }],
    ['in the URL', { method: 'GET', search: role }],
    ['in both', { search: `Action=AssumeRole&${VERSION}`, body: role }],
  ])('is read %s', (_case, request) => {
    inputs.length = 0;

    const { statusCode } = ask(request, keep);

    expect(statusCode).toBe(200);
    expect(inputs).toStrictEqual([
      {
        RoleArn: 'arn',
        RoleSessionName: 'me',
        DurationSeconds: 900,
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'b', Value: '2' },
        ],
        TransitiveTagKeys: [],
      },
    ]);
  });

  test('of a signed URL is read without the parameters of the signature', () => {
    const search =
      `Action=GetCallerIdentity&${VERSION}&X-Amz-Algorithm=AWS4-HMAC-SHA256` +
      `&X-Amz-Credential=${encodeURIComponent(SCOPE)}&X-Amz-Date=20270115T000000Z` +
      '&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=0';

    const { statusCode, body } = ask({ method: 'GET', headers: {}, search });

    expect(statusCode).toBe(200);
    expect(body).toContain(`<Account>${ACCOUNT}</Account>`);
  });

  test.each([
    [
      'RoleSessionName=me',
      "1 validation error detected: Value null at 'roleArn' failed to satisfy constraint: " +
        'Member must not be null',
    ],
    [
      'RoleArn=a&Tags.member.1.Value=1',
      "2 validation errors detected: Value null at 'tags.1.member.key' failed to satisfy " +
        "constraint: Member must not be null; Value null at 'roleSessionName' failed to satisfy " +
        'constraint: Member must not be null',
    ],
  ])('with %s alone is refused as ValidationError of all that is missing', (form, message) => {
    const { statusCode, body } = ask({ body: `Action=AssumeRole&${form}&${VERSION}` });

    expect(statusCode).toBe(400);
    expect(body).toBe(errorBody('ValidationError', message));
  });

  test.each([
    ['DurationSeconds=long', 'Invalid value long of the parameter DurationSeconds'],
    ['Tags=red', 'Unexpected parameter Tags'],
    ['Tags.1.Key=a', 'Unexpected parameter Tags.1.Key'],
    ['Tags.member.x.Key=a', 'Unexpected parameter Tags.member.x.Key'],
    ['RoleArn.member.1=a', 'Unexpected parameter RoleArn.member.1'],
  ])('with %s is refused as MalformedInput', (form, message) => {
    const { statusCode, body } = ask({ body: `Action=AssumeRole&${form}&${VERSION}` });

    expect(statusCode).toBe(400);
    expect(body).toBe(errorBody('MalformedInput', message));
  });

  test.each([
    ['Action=MakeCoffee&Version=2011-06-15', 'operation MakeCoffee for version 2011-06-15'],
    ['Action=AssumeRole', 'operation AssumeRole for version NO_VERSION_SPECIFIED'],
    ['Action=AssumeRole&Version=2010-01-01', 'operation AssumeRole for version 2010-01-01'],
    ['Action=MakeCoffee&Action=AssumeRole&Version=1', 'operation MakeCoffee for version 1'],
  ])('of %s is refused as InvalidAction', (body, message) => {
    const answer = ask({ body });

    expect(answer.statusCode).toBe(400);
    expect(answer.body).toBe(errorBody('InvalidAction', `Could not find ${message}`));
  });

  test('without an action is refused as MissingAction', () => {
    expect(ask({ body: VERSION }).body).toBe(
      errorBody('MissingAction', 'The request must contain the parameter Action'),
    );
  });
});

describe('a call that nobody signs', () => {
  test.each([
    ['AssumeRoleWithWebIdentity', 200],
    ['AssumeRole', 403],
  ])('is answered for %s with status %i', (action, status) => {
    const calls: Call[] = [];
    const form = `Action=${action}&${VERSION}&RoleArn=a&RoleSessionName=b&WebIdentityToken=c`;

    const { statusCode, body } = ask({ headers: {}, body: form }, (_input, call) => {
      calls.push(call);
      return {};
    });

    expect(statusCode).toBe(status);
    expect(calls).toMatchObject(status === 200 ? [{ account: '', region: 'us-east-1' }] : []);
    expect(body.includes('<Code>MissingAuthenticationToken</Code>')).toBe(status === 403);
  });
});

describe('an error of STS', () => {
  test.each([
    ['IDPRejectedClaimException', IDPRejectedClaimException, 'IDPRejectedClaim'],
    ['IDPRejectedClaim', IDPRejectedClaimException, 'IDPRejectedClaim'],
    ['ExpiredTokenException', ExpiredTokenException, 'ExpiredTokenException'],
  ])('thrown as %s reaches the client as its class', async (code, type, wireCode) => {
    const route = cloud(() => {
      throw new ApiError(code, 'Too <late>', 403);
    });

    const call = stsOn(route).send(new AssumeRoleCommand({ RoleArn: 'a', RoleSessionName: 'b' }));

    await expect(call).rejects.toBeInstanceOf(type);
    await expect(call).rejects.toMatchObject({
      message: 'Too <late>',
      Error: { Code: wireCode, Type: 'Sender' },
      $metadata: { httpStatusCode: 403 },
    });
  });
});

describe('the awsQuery protocol', () => {
  const operations = new Map([['MakeCoffee', MAKE_COFFEE]]);

  test('carries maps, flattened lists and names of its own, both ways', async () => {
    expect(await findLosses('sts', operations, 'input', 200)).toEqual([]);
    expect(await findLosses('sts', operations, 'output', 200)).toEqual([]);
  });

  test('keeps what is in a map and in a flattened list', async () => {
    const cup = { Owner: 'me', Letters: ['x', 'y'], Extras: { milk: 1 }, Beans: { ars: ['s'] } };
    const tray = { Cups: [cup], Table: 'three' };

    expect((await inputAsRead('sts', MAKE_COFFEE, tray)).input).toStrictEqual(tray);
    expect(await outputAsRead('sts', MAKE_COFFEE, tray)).toStrictEqual(tray);
  });
});

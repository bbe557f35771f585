import { DescribeImages$, RunInstances$ } from '@aws-sdk/client-ec2';
import type { DescribeImagesRequest, DescribeImagesResult } from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';

import { ApiError, operation } from '../../../simulator/wire/api.ts';
import type { Call } from '../../../simulator/wire/api.ts';
import type { CallRecord } from '../../../simulator/wire/router.ts';
import { ACCOUNT, NOW_MS, routeTo } from './clients.ts';

const AUTHORIZATION =
  'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20270115/eu-west-1/ec2/aws4_request, ' +
  'SignedHeaders=host;x-amz-date, Signature=0';

type Answer = (input: DescribeImagesRequest, call: Call) => DescribeImagesResult;

/** Sends a form to a cloud in which `answer` describes images; returns status and body. */
const post = (body: string, answer: Answer = () => ({}), onCall?: (record: CallRecord) => void) => {
  const operations = {
    DescribeImages: operation(DescribeImages$, answer),
    RunInstances: operation(RunInstances$, () => ({})),
  };
  const route = routeTo([{ id: 'ec2', operations }], onCall);
  const response = route({ headers: { authorization: AUTHORIZATION }, body });
  return { ...response, body: new TextDecoder().decode(response.body) };
};

const VERSION = 'Version=2016-11-15';

const errorBody = (code: string, message: string): string =>
  '<?xml version="1.0" encoding="UTF-8"?>\n' +
  `<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors>` +
  '<RequestID>req-1</RequestID></Response>';

describe('an EC2 answer', () => {
  const image = {
    ImageId: 'ami-0a',
    Name: 'web <1> & co',
    State: 'available',
    Public: false,
    CreationDate: '2026-01-02T03:04:05.000Z',
    BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 8, Encrypted: true } }],
    ProductCodes: [],
    Tags: [{ Key: 'Owner', Value: '' }],
  } as const;

  test('is the XML that EC2 writes', () => {
    const { statusCode, headers, body } = post(`Action=DescribeImages&${VERSION}`, () => ({
      Images: [{ ...image, BlockDeviceMappings: [...image.BlockDeviceMappings] }].map((row) => ({
        ...row,
        ProductCodes: [...row.ProductCodes],
        Tags: [...row.Tags],
      })),
      NextToken: 'more',
    }));

    expect(statusCode).toBe(200);
    expect(headers).toStrictEqual({
      'content-type': 'text/xml;charset=UTF-8',
      'x-amzn-requestid': 'req-1',
    });
    expect(body).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n' +
        '<DescribeImagesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">' +
        '<requestId>req-1</requestId><nextToken>more</nextToken><imagesSet><item>' +
        '<blockDeviceMapping><item><ebs><volumeSize>8</volumeSize><encrypted>true</encrypted></ebs>' +
        '<deviceName>/dev/xvda</deviceName></item></blockDeviceMapping>' +
        '<name>web &lt;1&gt; &amp; co</name>' +
        '<tagSet><item><key>Owner</key><value/></item></tagSet>' +
        '<imageId>ami-0a</imageId><imageState>available</imageState>' +
        '<creationDate>2026-01-02T03:04:05.000Z</creationDate><isPublic>false</isPublic>' +
        '<productCodes/></item></imagesSet></DescribeImagesResponse>',
    );
  });

  test('comes from an operation that knows caller, Region, time and request', () => {
    const calls: unknown[] = [];
    post(`Action=DescribeImages&${VERSION}`, (_input, call) => {
      calls.push(call);
      return {};
    });

    expect(calls).toStrictEqual([
      {
        account: ACCOUNT,
        region: 'eu-west-1',
        accessKeyId: 'AKIDEXAMPLE',
        nowMs: NOW_MS,
        requestId: 'req-1',
      },
    ]);
  });
});

describe('an EC2 form', () => {
  test('is read with its list items in numerical order, whatever the order sent', () => {
    const inputs: unknown[] = [];
    post(
      'Action=DescribeImages&ImageId.10=ami-c&ImageId.2=ami-b&ImageId.1=ami-a&Filter.1.Name=tag%3Aa+b' +
        `&Filter.1.Value.1=%C3%A9%26&MaxResults=50&IncludeDisabled=true&${VERSION}`,
      (input) => {
        inputs.push(input);
        return {};
      },
    );

    expect(inputs).toStrictEqual([
      {
        ImageIds: ['ami-a', 'ami-b', 'ami-c'],
        Filters: [{ Name: 'tag:a b', Values: ['é&'] }],
        MaxResults: 50,
        IncludeDisabled: true,
      },
    ]);
  });

  test.each([
    ['an unknown parameter', 'Colour=red', 'Colour'],
    ['an unknown parameter in a list', 'Filter.1.Name=a&Filter.1.Values.1=b', 'Filter.1.Values.1'],
    ['a list without numbers', 'ImageId.first=ami-a', 'ImageId.first'],
    ['a value for a list', 'ImageId=ami-a', 'ImageId'],
    ['a value for a structure', 'Filter.1=tag', 'Filter.1'],
    ['members of a scalar', 'DryRun.1=true', 'DryRun.1'],
  ])('with %s is refused as UnknownParameter', (_case, form, parameter) => {
    const { statusCode, body } = post(`Action=DescribeImages&${form}&${VERSION}`);

    expect(statusCode).toBe(400);
    expect(body).toBe(
      errorBody('UnknownParameter', `The parameter ${parameter} is not recognized`),
    );
  });

  test.each([
    ['MaxCount=1', 'MinCount'],
    [
      'MaxCount=1&MinCount=1&ElasticInferenceAccelerator.1.Count=1',
      'ElasticInferenceAccelerator.1.Type',
    ],
  ])('with %s alone is refused as MissingParameter of %s', (form, parameter) => {
    const { statusCode, body } = post(`Action=RunInstances&${form}&${VERSION}`);

    expect(statusCode).toBe(400);
    expect(body).toBe(
      errorBody('MissingParameter', `The request must contain the parameter ${parameter}`),
    );
  });

  test.each([
    ['a number', 'MaxResults=many', 'Value (many) for parameter maxResults is invalid.'],
    ['a boolean', 'DryRun=yes', 'Value (yes) for parameter dryRun is invalid.'],
  ])('with text instead of %s is refused as InvalidParameterValue', (_case, form, message) => {
    const { statusCode, body } = post(`Action=DescribeImages&${form}&${VERSION}`);

    expect(statusCode).toBe(400);
    expect(body).toBe(errorBody('InvalidParameterValue', message));
  });

  test('with a broken escape is refused as MalformedQueryString', () => {
    const { body } = post(`Action=DescribeImages&NextToken=%E0%A4%A&${VERSION}`);

    expect(body).toBe(
      errorBody('MalformedQueryString', 'The query string contains a syntax error.'),
    );
  });

  test.each([
    ['an action that is not served', 'MakeCoffee', `&${VERSION}`],
    ['no version', 'DescribeImages', ''],
    ['a version that is not served', 'DescribeImages', '&Version=2014-10-01'],
  ])('with %s is refused as InvalidAction', (_case, action, version) => {
    const { statusCode, body } = post(`Action=${action}${version}`);

    expect(statusCode).toBe(400);
    expect(body).toBe(
      errorBody('InvalidAction', `The action ${action} is not valid for this web service.`),
    );
  });

  test.each([
    ['without an action', VERSION],
    ['that is no form', '{"Action":"DescribeImages"}'],
    ['that is empty', ''],
  ])('%s is refused as MissingAction', (_case, form) => {
    const { statusCode, body } = post(form);

    expect(statusCode).toBe(400);
    expect(body).toBe(errorBody('MissingAction', 'The request must contain the parameter Action'));
  });

  test('of two equal parameters holds the first', () => {
    const inputs: unknown[] = [];
    post(`Action=DescribeImages&${VERSION}&MaxResults=5&MaxResults=6`, (input) => {
      inputs.push(input);
      return {};
    });

    expect(inputs).toStrictEqual([{ MaxResults: 5 }]);
  });

  test.each([
    ['a parameter of too many parts', `${'a.'.repeat(100)}b=1`, 'A parameter has too many parts.'],
    ['too many parameters', 'a&'.repeat(100_001), 'The query string has too many parameters.'],
  ])('with %s is refused before it takes memory', (_case, form, message) => {
    const { statusCode, body } = post(`Action=DescribeImages&${VERSION}&${form}`);

    expect(statusCode).toBe(400);
    expect(body).toBe(errorBody('MalformedQueryString', message));
  });
});

describe('an error that an operation throws', () => {
  test('is answered with its code, status and message if it is an ApiError', () => {
    const { statusCode, body } = post(`Action=DescribeImages&${VERSION}`, () => {
      throw new ApiError('RequestLimitExceeded', 'Slow <down>', 503);
    });

    expect(statusCode).toBe(503);
    expect(body).toBe(errorBody('RequestLimitExceeded', 'Slow &lt;down&gt;'));
  });

  test('leaves the route if it is a bug', () => {
    const bug = new TypeError('undefined is not a row');

    expect(() =>
      post(`Action=DescribeImages&${VERSION}`, () => {
        throw bug;
      }),
    ).toThrow(bug);
  });
});

describe('the record of a call', () => {
  const recordOf = (action: string, answer?: Answer): readonly CallRecord[] => {
    const records: CallRecord[] = [];
    post(`Action=${action}&${VERSION}`, answer, (record) => records.push(record));
    return records;
  };
  const record = {
    atMs: NOW_MS,
    account: ACCOUNT,
    region: 'eu-west-1',
    service: 'ec2',
    action: 'DescribeImages',
    requestId: 'req-1',
  };

  test('names caller, Region and action of a success', () => {
    expect(recordOf('DescribeImages')).toStrictEqual([record]);
  });

  test('names the code of a failure', () => {
    const refuse = (): never => {
      throw new ApiError('InvalidAMIID.NotFound', 'no such image');
    };

    expect(recordOf('DescribeImages', refuse)).toStrictEqual([
      { ...record, errorCode: 'InvalidAMIID.NotFound' },
    ]);
  });

  test('exists for an action that is not served', () => {
    expect(recordOf('MakeCoffee')).toStrictEqual([
      { ...record, action: 'MakeCoffee', errorCode: 'InvalidAction' },
    ]);
  });
});

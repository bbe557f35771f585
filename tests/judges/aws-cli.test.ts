/**
 * The AWS CLI as a judge of the embedded cloud: what a person types, over HTTP. Each call starts a
 * program, so one story is told, and its answers are looked at topic by topic.
 */
import { CopyImageCommand, EC2Client } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACCOUNT, HOME, type JudgedCloud, openCloud, settingsAt } from './judged-cloud.ts';
import { type Ended, hasProgram, runProgram, WALK_LIMIT_MS } from './programs.ts';

/** Of a call that was refused: version 1 of the AWS CLI, and version 2. */
const REFUSED = [255, 254];

/** What the calls of the story answered, by a word for each. */
type Story = Readonly<Record<string, Ended>>;

const NOBODY = 'ami-0123456789abcdef0';

/** Runs a line as it is typed; no value in it has a space. */
type Aws = (line: string) => Promise<Ended>;

const textOf = ({ stdout }: Ended): string => stdout.trim();

/** An image of a new instance: made and waited for. */
const tellOfImages = async (aws: Aws) => {
  const found = await aws(
    'ec2 describe-images --owners 099720109477 --filters Name=name,Values=ubuntu/*noble* ' +
      '--query Images[0].ImageId --output text',
  );
  const launched = await aws(
    `ec2 run-instances --image-id ${textOf(found)} --instance-type t3.micro ` +
      '--tag-specifications ResourceType=instance,Tags=[{Key=Name,Value=web}] ' +
      '--query Instances[0].InstanceId --output text',
  );
  const running = await aws(`ec2 wait instance-running --instance-ids ${textOf(launched)}`);
  const made = await aws(
    `ec2 create-image --instance-id ${textOf(launched)} --name cli/web --tag-specifications ` +
      'ResourceType=image,Tags=[{Key=role,Value=web}] ' +
      'ResourceType=snapshot,Tags=[{Key=role,Value=disk}] --query ImageId --output text',
  );
  const available = await aws(`ec2 wait image-available --image-ids ${textOf(made)}`);
  return { found, launched, running, made, available };
};

const tellOfCopies = async (aws: Aws, imageId: string) => {
  const copied = await aws(
    `ec2 copy-image --source-image-id ${imageId} --source-region eu-central-1 --name cli/copy ` +
      '--region eu-west-1 --query ImageId --output text',
  );
  const snapshots = await aws(
    `ec2 describe-images --image-ids ${textOf(copied)} --region eu-west-1 ` +
      '--query Images[0].BlockDeviceMappings[].Ebs.SnapshotId --output text',
  );
  const completed = await aws(
    `ec2 wait snapshot-completed --snapshot-ids ${textOf(snapshots)} --region eu-west-1`,
  );
  return { copied, snapshots, completed };
};

const tellOfTags = async (aws: Aws, imageId: string) => {
  const tagged = await aws(
    `ec2 create-tags --resources ${imageId} --tags Key=stage,Value=prod Key=note,Value=`,
  );
  const described = await aws(
    `ec2 describe-tags --filters Name=resource-id,Values=${imageId} ` +
      '--query sort_by(Tags,&Key)[].[Key,Value,ResourceType]',
  );
  return { tagged, described };
};

const tellOfPages = async (aws: Aws) => {
  const line = 'ec2 describe-images --owners self --filters Name=name,Values=page/* --page-size 5';
  const first = await aws(`${line} --max-items 7`);
  const { NextToken } = JSON.parse(first.stdout) as { readonly NextToken: string };
  const rest = await aws(`${line} --starting-token ${NextToken}`);
  return { first, rest };
};

const tellOfRefusals = async (aws: Aws, imageId: string) => {
  const [dryRun, unknown, badFilter] = await Promise.all([
    aws(`ec2 deregister-image --image-id ${imageId} --dry-run`),
    aws(`ec2 describe-images --image-ids ${NOBODY}`),
    aws('ec2 describe-images --owners self --filters Name=colour,Values=red'),
  ]);
  const listed = await aws(
    'ec2 describe-images --owners self --filters Name=tag:role,Values=web ' +
      '--query Images[].[Name,State]',
  );
  const gone = await aws(`ec2 deregister-image --image-id ${imageId}`);
  return { dryRun, unknown, badFilter, listed, gone };
};

/** Version 1 of the AWS CLI has an endpoint of its own for SQS, whatever AWS_ENDPOINT_URL says. */
const tellOfServices = async (aws: Aws, endpoint: string) => {
  const sqs = `sqs --endpoint-url ${endpoint}`;
  const [identity, queue, parameter, rule] = await Promise.all([
    aws('sts get-caller-identity --query Account'),
    aws(`${sqs} create-queue --queue-name cli --query QueueUrl --output text`),
    aws('ssm put-parameter --name /cli/ami --value ami-1 --type String'),
    aws('events put-rule --name cli --event-pattern {"source":["aws.ec2"]}'),
  ]);
  const url = textOf(queue);
  const sent = await aws(`${sqs} send-message --queue-url ${url} --message-body <hello&you>`);
  const [received, read] = await Promise.all([
    aws(`${sqs} receive-message --queue-url ${url} --query Messages[].Body`),
    aws('ssm get-parameter --name /cli/ami --query Parameter.[Value,Version]'),
  ]);
  return { identity, queue, parameter, rule, sent, received, read };
};

/** Copies of an image, enough for more than one page. */
const seedPages = async (cloud: JudgedCloud, SourceImageId: string): Promise<void> => {
  const client = new EC2Client(settingsAt(cloud, ACCOUNT, HOME));
  for (let index = 0; index < 8; index += 1) {
    const copy = { Name: `page/${index}`, SourceImageId, SourceRegion: HOME };
    await client.send(new CopyImageCommand(copy));
  }
  client.destroy();
};

describe.skipIf(!hasProgram('aws', '--version'))('the AWS CLI, unmodified', () => {
  let cloud: JudgedCloud;
  let story: Story;

  const told = (word: string): Ended => {
    const ended = story[word];
    if (ended === undefined) throw new Error(`the story has no ${word}`);
    return ended;
  };
  const answer = (word: string): unknown => {
    const { status, stdout, stderr } = told(word);
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  };

  const refusalOf = (word: string): string => {
    const { status, stdout, stderr } = told(word);
    if (!REFUSED.includes(status)) throw new Error(`${word} ended with ${status}: ${stdout}`);
    return stderr.slice(stderr.indexOf('An error occurred')).trim();
  };

  beforeAll(async () => {
    cloud = await openCloud();
    const environment = { ...cloud.environment, AWS_DEFAULT_OUTPUT: 'json', AWS_PAGER: '' };

    const aws: Aws = (line) => runProgram('aws', line.split(' '), { environment });
    const images = await tellOfImages(aws);
    const imageId = textOf(images.made);
    await seedPages(cloud, imageId);
    const stories = await Promise.all([
      tellOfCopies(aws, imageId),
      tellOfTags(aws, imageId),
      tellOfPages(aws),
      tellOfServices(aws, cloud.endpoint),
    ]);
    story = Object.assign({}, images, ...stories, await tellOfRefusals(aws, imageId)) as Story;
  }, WALK_LIMIT_MS);

  afterAll(() => cloud?.close());

  test('finds a public image, launches it, makes an image of it, and its waiters end', () => {
    const idOf = (word: string): string => textOf(told(word));

    expect([idOf('found'), idOf('launched'), idOf('made')]).toEqual([
      expect.stringMatching(/^ami-[0-9a-f]{17}$/),
      expect.stringMatching(/^i-[0-9a-f]{17}$/),
      expect.stringMatching(/^ami-[0-9a-f]{17}$/),
    ]);
    expect([told('running'), told('available')]).toEqual([
      { status: 0, stdout: '', stderr: '' },
      { status: 0, stdout: '', stderr: '' },
    ]);
  });

  test('copies an image to another Region and waits for its snapshot', () => {
    expect(textOf(told('copied'))).toMatch(/^ami-[0-9a-f]{17}$/);
    expect(textOf(told('snapshots'))).toMatch(/^snap-[0-9a-f]{17}$/);
    expect(told('completed')).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test('tags an image and reads its tags', () => {
    expect(told('tagged')).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(answer('described')).toEqual([
      ['note', '', 'image'],
      ['role', 'web', 'image'],
      ['stage', 'prod', 'image'],
    ]);
  });

  test('stops in the midst of its pages, and goes on there', () => {
    const namesOf = (word: string): readonly string[] =>
      (answer(word) as { Images: { Name: string }[] }).Images.map(({ Name }) => Name);
    const [first, rest] = [namesOf('first'), namesOf('rest')];

    expect([first.length, rest.length]).toEqual([7, 1]);
    expect([...first, ...rest].toSorted()).toEqual(
      Array.from({ length: 8 }, (_, index) => `page/${index}`),
    );
  });

  test('says what a dry run would do, and it is not done', () => {
    expect(refusalOf('dryRun')).toBe(
      'An error occurred (DryRunOperation) when calling the DeregisterImage operation: ' +
        'Request would have succeeded, but DryRun flag is set.',
    );
    expect(answer('listed')).toEqual([['cli/web', 'available']]);
    expect(told('gone').status).toBe(0);
  });

  test("ends with EC2's code and text when it is refused", () => {
    expect(refusalOf('unknown')).toBe(
      'An error occurred (InvalidAMIID.NotFound) when calling the DescribeImages operation: ' +
        `The image id '[${NOBODY}]' does not exist`,
    );
    expect(refusalOf('badFilter')).toBe(
      'An error occurred (InvalidParameterValue) when calling the DescribeImages operation: ' +
        "The filter 'colour' is invalid",
    );
  });

  test('is its account, and has queues, parameters and rules', () => {
    expect(answer('identity')).toBe('111122223333');
    expect(textOf(told('queue'))).toBe(`${cloud.endpoint}/111122223333/cli`);
    expect(answer('sent')).toMatchObject({ MD5OfMessageBody: '652a90bcb9c21e5d0fbba6e4f2f98382' });
    expect(answer('received')).toEqual(['<hello&you>']);
    expect(answer('parameter')).toMatchObject({ Version: 1 });
    expect(answer('read')).toEqual(['ami-1', 1]);
    expect(answer('rule')).toEqual({
      RuleArn: 'arn:aws:events:eu-central-1:111122223333:rule/cli',
    });
  });

  test('meets no defect on its way', () => {
    expect(cloud.defects).toEqual([]);
  });
});

import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  DescribeLaunchConfigurationsCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  DescribeParametersCommand,
  GetParametersCommand,
  type ParameterMetadata,
  SSMClient,
} from '@aws-sdk/client-ssm';
import type { Target } from '../domain/model.ts';
import type { Documents } from '../inventory/kinds.ts';
import { AUTO_SCALING_BUCKET } from './buckets.ts';
import { type Connection, clientConfig } from './connection.ts';
import { type Attempt, joinDocuments, readEach, readPages } from './documents.ts';
import { type Limiter, limitCalls } from './limiter.ts';

/**
 * What launches instances, or names images for what does, in services other than EC2. This module is
 * loaded only where it is needed, as it brings the clients of these services.
 */
export interface LaunchReads {
  readonly groups: () => Promise<Documents>;
  readonly configurations: () => Promise<Documents>;
  /**
   * @param alsoNamed parameters beside those of the account, such as AWS's public ones
   * @param selected versions and labels beside the current values, as `/golden/web:prod`
   */
  readonly parameters: (
    alsoNamed: readonly string[],
    selected?: readonly string[],
  ) => Promise<Documents>;
}

/** The most records that a page of EC2 Auto Scaling holds. */
const RECORDS_MAX = 100;

export const createLaunchReads = (
  connection: Connection,
  limiter: Limiter,
  target: Target,
): LaunchReads => {
  const groups = new AutoScalingClient(clientConfig(connection, 'autoscaling', target.region));
  connection.adapt?.(groups, 'autoscaling');
  limitCalls(groups, limiter, target, () => AUTO_SCALING_BUCKET);
  const parameters = new SSMClient(clientConfig(connection, 'ssm', target.region));
  connection.adapt?.(parameters, 'ssm');
  limitCalls(parameters, limiter, target);
  return {
    groups: () =>
      readPages(async (NextToken) => {
        const input = { MaxRecords: RECORDS_MAX, NextToken };
        const output = await groups.send(new DescribeAutoScalingGroupsCommand(input));
        const page = { AutoScalingGroups: output.AutoScalingGroups };
        return { page, nextToken: output.NextToken };
      }),
    configurations: () =>
      readPages(async (NextToken) => {
        const input = { MaxRecords: RECORDS_MAX, NextToken };
        const output = await groups.send(new DescribeLaunchConfigurationsCommand(input));
        const page = { LaunchConfigurations: output.LaunchConfigurations };
        return { page, nextToken: output.NextToken };
      }),
    parameters: (alsoNamed, selected) => readParameters(parameters, alsoNamed, selected),
  };
};

/** The most parameters that a page of DescribeParameters holds, and that GetParameters takes. */
const PARAMETERS_MAX = { described: 50, got: 10 } as const;
/** GetParameters that are under way at a time. */
const PARAMETER_WORKERS = 4;

/**
 * Every parameter once: with its value, or, where that is a secret or could not be had, without. One
 * that is gone by then is left out.
 */
const readParameters = async (
  client: SSMClient,
  alsoNamed: readonly string[],
  selected: readonly string[] = [],
): Promise<Documents> => {
  const described: ParameterMetadata[] = [];
  const { problem } = await readPages(async (NextToken) => {
    const input = { MaxResults: PARAMETERS_MAX.described, NextToken };
    const output = await client.send(new DescribeParametersCommand(input));
    const { Parameters, NextToken: nextToken } = output;
    described.push(...(Parameters ?? []));
    return { page: { Parameters }, nextToken };
  });
  const isSecret = ({ Type }: ParameterMetadata): boolean => Type === 'SecureString';
  const own = described.filter((one) => !isSecret(one)).flatMap(({ Name }) => Name ?? []);
  const known = new Set(described.map(({ Name }) => Name));
  const gone = new Set<string>();
  const got = new Set<string | undefined>();
  const read = (names: readonly string[]) =>
    readPages(async () => {
      const output = await client.send(new GetParametersCommand({ Names: [...names] }));
      const { Parameters = [], InvalidParameters = [] } = output;
      for (const { Name } of Parameters) got.add(Name);
      for (const name of InvalidParameters) gone.add(name);
      return { page: { Parameters }, nextToken: undefined };
    });
  const nameOf = ([first = '', ...others]: readonly string[]): string =>
    others.length === 0 ? first : `${first} and ${others.length} more`;
  const names = [...own, ...alsoNamed.filter((name) => !known.has(name))];
  const values = await readEach(inTens(names), PARAMETER_WORKERS, nameOf, read);
  const others = await readEach(selected, PARAMETER_WORKERS, String, (one) =>
    readSelected(client, one),
  );
  const without = described.filter(({ Name = '' }) => !got.has(Name) && !gone.has(Name));
  const listed: Documents = { pages: [{ Parameters: without }] };
  return joinDocuments([problem === undefined ? listed : { ...listed, problem }, values, others]);
};

/** One call for each, as SSM does not take a name twice. One that is not there has no page. */
const readSelected = async (client: SSMClient, name: string): Promise<Attempt> =>
  readPages(async () => {
    const { Parameters } = await client.send(new GetParametersCommand({ Names: [name] }));
    return { page: { Parameters }, nextToken: undefined };
  });

const inTens = (names: readonly string[]): readonly (readonly string[])[] =>
  Array.from({ length: Math.ceil(names.length / PARAMETERS_MAX.got) }, (_, index) =>
    names.slice(index * PARAMETERS_MAX.got, (index + 1) * PARAMETERS_MAX.got),
  );

type ClientConfig = ReturnType<typeof clientConfig>;

/** One request of each service: see identity.ts, which only looks where it would go. */
export const probeGroups = (config: ClientConfig): Promise<unknown> =>
  new AutoScalingClient(config).send(new DescribeAutoScalingGroupsCommand({}));

export const probeParameters = (config: ClientConfig): Promise<unknown> =>
  new SSMClient(config).send(new DescribeParametersCommand({}));

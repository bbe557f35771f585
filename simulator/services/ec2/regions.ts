/**
 * The Regions of AWS and their Availability Zones: Global Infrastructure Regions & AZs Guide. Which
 * letter stands for which zone differs from account to account; here it is the same for all.
 */

export interface Region {
  readonly name: string;
  readonly longName: string;
  /** Whether an account has it only if it asks for it. */
  readonly isOptIn: boolean;
  /** Regions of different ones do not know of each other. */
  readonly partition: 'aws' | 'aws-cn' | 'aws-us-gov';
  readonly zones: readonly Zone[];
}

export interface Zone {
  /** `eu-west-1a`. */
  readonly name: string;
  /** `euw1-az1`. */
  readonly id: string;
}

/** Where the letters, or the numbers in the ids, are not those that follow one another. */
interface Uneven {
  readonly letters?: string;
  readonly numbers?: readonly number[];
}

const regionOf = (
  [name, prefix, longName]: readonly [string, string, string],
  kind: Pick<Region, 'isOptIn' | 'partition'>,
  { letters = 'abc', numbers = [1, 2, 3, 4, 5, 6] }: Uneven = {},
): Region => ({
  name,
  longName,
  ...kind,
  zones: Array.from(letters, (letter, index) => ({
    name: `${name}${letter}`,
    id: `${prefix}-az${numbers[index]}`,
  })),
});

const USUAL = { isOptIn: false, partition: 'aws' } as const;
const OPT_IN = { isOptIn: true, partition: 'aws' } as const;
const CHINA = { isOptIn: false, partition: 'aws-cn' } as const;
const GOV = { isOptIn: false, partition: 'aws-us-gov' } as const;

const LIST: readonly Region[] = [
  regionOf(['us-east-1', 'use1', 'US East (N. Virginia)'], USUAL, { letters: 'abcdef' }),
  regionOf(['us-east-2', 'use2', 'US East (Ohio)'], USUAL),
  regionOf(['us-west-1', 'usw1', 'US West (N. California)'], USUAL, {
    letters: 'ac',
    numbers: [1, 3],
  }),
  regionOf(['us-west-2', 'usw2', 'US West (Oregon)'], USUAL, { letters: 'abcd' }),
  regionOf(['ca-central-1', 'cac1', 'Canada (Central)'], USUAL, {
    letters: 'abd',
    numbers: [1, 2, 4],
  }),
  regionOf(['ca-west-1', 'caw1', 'Canada West (Calgary)'], OPT_IN),
  regionOf(['mx-central-1', 'mxc1', 'Mexico (Central)'], OPT_IN),
  regionOf(['sa-east-1', 'sae1', 'South America (Sao Paulo)'], USUAL),
  regionOf(['eu-central-1', 'euc1', 'Europe (Frankfurt)'], USUAL, { numbers: [2, 3, 1] }),
  regionOf(['eu-central-2', 'euc2', 'Europe (Zurich)'], OPT_IN),
  regionOf(['eu-north-1', 'eun1', 'Europe (Stockholm)'], USUAL),
  regionOf(['eu-south-1', 'eus1', 'Europe (Milan)'], OPT_IN),
  regionOf(['eu-south-2', 'eus2', 'Europe (Spain)'], OPT_IN),
  regionOf(['eu-west-1', 'euw1', 'Europe (Ireland)'], USUAL),
  regionOf(['eu-west-2', 'euw2', 'Europe (London)'], USUAL, { numbers: [2, 3, 1] }),
  regionOf(['eu-west-3', 'euw3', 'Europe (Paris)'], USUAL),
  regionOf(['il-central-1', 'ilc1', 'Israel (Tel Aviv)'], OPT_IN),
  regionOf(['me-central-1', 'mec1', 'Middle East (UAE)'], OPT_IN),
  regionOf(['me-south-1', 'mes1', 'Middle East (Bahrain)'], OPT_IN),
  regionOf(['af-south-1', 'afs1', 'Africa (Cape Town)'], OPT_IN),
  regionOf(['ap-east-1', 'ape1', 'Asia Pacific (Hong Kong)'], OPT_IN),
  regionOf(['ap-east-2', 'ape2', 'Asia Pacific (Taipei)'], OPT_IN),
  regionOf(['ap-northeast-1', 'apne1', 'Asia Pacific (Tokyo)'], USUAL, {
    letters: 'acd',
    numbers: [4, 1, 2],
  }),
  regionOf(['ap-northeast-2', 'apne2', 'Asia Pacific (Seoul)'], USUAL, { letters: 'abcd' }),
  regionOf(['ap-northeast-3', 'apne3', 'Asia Pacific (Osaka)'], USUAL),
  regionOf(['ap-south-1', 'aps1', 'Asia Pacific (Mumbai)'], USUAL, { numbers: [1, 3, 2] }),
  regionOf(['ap-south-2', 'aps2', 'Asia Pacific (Hyderabad)'], OPT_IN),
  regionOf(['ap-southeast-1', 'apse1', 'Asia Pacific (Singapore)'], USUAL),
  regionOf(['ap-southeast-2', 'apse2', 'Asia Pacific (Sydney)'], USUAL, { numbers: [1, 3, 2] }),
  regionOf(['ap-southeast-3', 'apse3', 'Asia Pacific (Jakarta)'], OPT_IN),
  regionOf(['ap-southeast-4', 'apse4', 'Asia Pacific (Melbourne)'], OPT_IN),
  regionOf(['ap-southeast-5', 'apse5', 'Asia Pacific (Malaysia)'], OPT_IN),
  regionOf(['ap-southeast-6', 'apse6', 'Asia Pacific (New Zealand)'], OPT_IN),
  regionOf(['ap-southeast-7', 'apse7', 'Asia Pacific (Thailand)'], OPT_IN),
  regionOf(['cn-north-1', 'cnn1', 'China (Beijing)'], CHINA),
  regionOf(['cn-northwest-1', 'cnnw1', 'China (Ningxia)'], CHINA),
  regionOf(['us-gov-east-1', 'usge1', 'AWS GovCloud (US-East)'], GOV),
  regionOf(['us-gov-west-1', 'usgw1', 'AWS GovCloud (US-West)'], GOV),
];

export const REGIONS: ReadonlyMap<string, Region> = new Map(
  LIST.map((region) => [region.name, region]),
);

/** What a GiB of snapshots in the standard tier costs for a month, and who says so. */
export interface SnapshotPrice {
  readonly region: string;
  /** Without taxes; AWS counts a GB-month in GiB. */
  readonly dollarsPerGiBMonth: number;
  readonly source: string;
  /** When that was said: a day, or a year. */
  readonly date: string;
}

/**
 * Regions whose price could be looked up, each with where and when. AWS changes prices, and seldom
 * raises them: what follows from these is said with its source, and `--price` stands before them.
 */
export const SNAPSHOT_PRICES: readonly SnapshotPrice[] = [
  {
    region: 'eu-central-1',
    dollarsPerGiBMonth: 0.054,
    source: 'AWS Price List, EUC1-EBS:SnapshotUsage',
    date: '2026-09-11',
  },
  {
    region: 'eu-west-1',
    dollarsPerGiBMonth: 0.05,
    source: 'AWS Price List, EU-EBS:SnapshotUsage',
    date: '2026-05-01',
  },
  {
    region: 'us-east-1',
    dollarsPerGiBMonth: 0.05,
    source: 'Amazon EBS User Guide, snapshot-archive-pricing',
    date: '2026',
  },
  {
    region: 'us-west-1',
    dollarsPerGiBMonth: 0.055,
    source: 'AWS Price List, Storage Snapshot',
    date: '2023-08-01',
  },
];

/**
 * The price in a Region; undefined where none is known, which is never guessed.
 * @param given in dollars for a GiB and month, by whoever knows better; it counts for every Region
 */
export const snapshotPrice = (region: string, given?: number): SnapshotPrice | undefined =>
  given === undefined
    ? SNAPSHOT_PRICES.find((price) => price.region === region)
    : { region, dollarsPerGiBMonth: given, source: '--price', date: '' };

export interface SizeAt {
  readonly region: string;
  readonly sizeGiB: number;
}

export const totalGiB = (sizes: readonly SizeAt[]): number =>
  sizes.reduce((total, { sizeGiB }) => total + sizeGiB, 0);

/** What snapshots cost for a month. */
export interface MonthlyCost {
  /** Of the sizes whose Region has a price, to the cent. */
  readonly dollars: number;
  /** What it was reckoned with, each Region once. */
  readonly prices: readonly SnapshotPrice[];
  /** Regions with something in them and no known price: their sizes are counted with none. */
  readonly unpriced: readonly string[];
}

export const monthlyCost = (sizes: readonly SizeAt[], given?: number): MonthlyCost => {
  const regions = new Set(sizes.filter(({ sizeGiB }) => sizeGiB > 0).map(({ region }) => region));
  const sorted = [...regions].sort();
  const prices = sorted.flatMap((region) => snapshotPrice(region, given) ?? []);
  const rates = new Map(prices.map((price) => [price.region, price.dollarsPerGiBMonth]));
  const dollars = sizes.reduce(
    (total, { region, sizeGiB }) => total + sizeGiB * (rates.get(region) ?? 0),
    0,
  );
  return {
    dollars: Math.round(dollars * 100) / 100,
    prices,
    unpriced: sorted.filter((region) => !rates.has(region)),
  };
};

/** `$12.30 a month`, and what it lacks: `$0.00 a month (no price known for eu-west-3)`. */
export const describeCost = ({ dollars, unpriced }: MonthlyCost): string =>
  `$${dollars.toFixed(2)} a month` +
  (unpriced.length === 0 ? '' : ` (no price known for ${unpriced.join(', ')})`);

/** One line for each price that was reckoned with: how much, where, and who says so. */
export const describePrices = ({ prices }: MonthlyCost): readonly string[] => {
  const told = prices.map(
    ({ region, dollarsPerGiBMonth, source, date }) =>
      [region, `$${dollarsPerGiBMonth} a GiB and month`, [source, date].filter(isSaid)] as const,
  );
  return told.map(([region, price, by]) => `${price} in ${region} (${by.join(', ')})`);
};

const isSaid = (text: string): boolean => text !== '';

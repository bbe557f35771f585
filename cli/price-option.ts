import { InvalidArgumentError, Option } from 'commander';

export interface PriceOptions {
  /** In dollars for a GiB of snapshots and month, instead of what is known of the Regions. */
  readonly price?: number;
}

const FORM = /^\d{1,6}(\.\d{1,6})?$/;

const dollars = (text: string): number => {
  if (!FORM.test(text)) throw new InvalidArgumentError('Expected dollars, such as 0.05.');
  return Number(text);
};

/** `--price`, for every command that tells what snapshots cost. */
export const priceOption = (): Option =>
  new Option(
    '--price <dollars>',
    'what a GiB of snapshots costs for a month, in every Region (default: as AWS lists it, where that is known)',
  ).argParser(dollars);

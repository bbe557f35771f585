import { Writable } from 'node:stream';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createRuntime } from '../../shared/lambda/runtime.ts';
import { createLogger, toLog } from '../../shared/observability/logger.ts';
import { createMetrics, toMeter } from '../../shared/observability/metrics.ts';
import { VirtualClock } from '../../simulator/clock.ts';
import { ENVIRONMENT } from '../functions/fixture.ts';

/** Fields that notice when somebody reads them. */
const createFields = () => {
  let reads = 0;
  const fields = {
    get image(): string {
      reads += 1;
      return 'ami-1';
    },
  };
  return { fields, reads: () => reads };
};

const createSink = () => {
  const lines: string[] = [];
  const sink = new Writable({
    decodeStrings: false,
    write: (chunk: string, _encoding, done) => {
      lines.push(chunk);
      done();
    },
  });
  return { sink, lines };
};

const LEVELS = ['info', 'warn', 'error'] as const;

afterEach(() => {
  vi.restoreAllMocks();
});

const createNowhere = () => {
  const connection = { clock: new VirtualClock(0), jitter: () => 0 };
  return createRuntime(ENVIRONMENT, connection, 'nowhere');
};

describe('what goes nowhere', () => {
  test.each(LEVELS)('is not even put together, of level %s', (level) => {
    const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const { loop, printers } = createNowhere();
    const { fields, reads } = createFields();
    loop.log[level]('removed', fields);

    expect(printers).toBeUndefined();
    expect(reads()).toBe(0);
    expect(written).not.toHaveBeenCalled();
  });

  test('is not counted, of metrics', () => {
    const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const { loop, printers } = createNowhere();
    loop.meter.count('ImagesRetired', 2);

    expect(printers).toBeUndefined();
    expect(written).not.toHaveBeenCalled();
  });
});

describe('what goes to a sink', () => {
  test.each(LEVELS)('is a line with its fields, of level %s', (level) => {
    const { sink, lines } = createSink();
    toLog(createLogger(sink))[level]('removed', { image: 'ami-1' });

    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
      { level: level.toUpperCase(), message: 'removed', image: 'ami-1', service: 'imago' },
    ]);
  });

  test('is a line an invocation, of metrics', () => {
    const { sink, lines } = createSink();
    const metrics = createMetrics('main', sink);
    toMeter(metrics).count('ImagesRetired', 2);
    metrics.publishStoredMetrics();

    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
      { deployment: 'main', ImagesRetired: 2 },
    ]);
  });
});

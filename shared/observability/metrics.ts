import type { Writable } from 'node:stream';
import { MetricUnit, Metrics } from '@aws-lambda-powertools/metrics';
import type { Meter } from '../loop/ports.ts';
import { redirect } from './logger.ts';

const NAMESPACE = 'Imago';

/** Powertools warns of every invocation that counted nothing, which here is the ordinary one. */
const QUIET = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** Metrics in CloudWatch's embedded format: one line of the log an invocation, no call of its own. */
export const createMetrics = (deployment: string, sink?: Writable): Metrics => {
  const metrics = new Metrics({
    namespace: NAMESPACE,
    serviceName: 'imago',
    defaultDimensions: { deployment },
    logger: QUIET,
  });
  if (sink !== undefined) redirect(metrics, sink);
  return metrics;
};

export const toMeter = (metrics: Metrics): Meter => ({
  count: (name, value) => {
    if (value > 0) metrics.addMetric(name, MetricUnit.Count, value);
  },
});

/** For what nobody reads. */
export const NO_METER: Meter = { count: () => undefined };

import { Console } from 'node:console';
import type { Writable } from 'node:stream';
import { Logger } from '@aws-lambda-powertools/logger';
import type { Log } from '../loop/ports.ts';

const SERVICE = 'imago';

/**
 * The structured logger of a function.
 * @param sink where lines go instead of the process's own streams, which Lambda reads
 */
export const createLogger = (sink?: Writable): Logger => {
  const logger = new Logger({ serviceName: SERVICE });
  if (sink !== undefined) redirect(logger, sink);
  return logger;
};

/** Powertools has no option for its stream: the console that it prints to is replaced. */
export const redirect = (printer: object, sink: Writable): void => {
  Reflect.set(printer, 'console', new Console({ stdout: sink, stderr: sink }));
};

/** For what nobody reads: a silent logger looks into the environment for each line. */
export const NO_LOG: Log = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

export const toLog = (logger: Logger): Log => ({
  info: (message, fields) => logger.info(message, { ...fields }),
  warn: (message, fields) => logger.warn(message, { ...fields }),
  error: (message, fields) => logger.error(message, { ...fields }),
});

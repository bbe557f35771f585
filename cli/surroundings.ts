import type { Command } from 'commander';
import { type Connection, type ServiceName, connectToAws } from '../shared/aws/connection.ts';
import { type Caller, callerOf, configuredRegion, endpointOf } from '../shared/aws/identity.ts';
import type { Environment } from '../shared/config/environment.ts';
import type { ExitCode } from './exit-code.ts';
import type { Dialogue } from './terminal.ts';

/** AWS, or what stands in for it, as the command line reaches it. */
export interface Access {
  readonly connection: Connection;
  /** @throws NoAccessError if none is set */
  region(): Promise<string>;
  /** Where calls of a service go; nothing is sent. */
  endpoint(service: ServiceName, region: string): Promise<string>;
  /** @throws NoAccessError if there are no credentials, or nobody to ask */
  caller(region: string): Promise<Caller>;
}

/** What a command has to do with the world. Tests give their own, and need no process. */
export interface Surroundings {
  readonly terminal: Dialogue;
  readonly environment: Environment;
  readonly access: Access;
  /** Calls back at the first interruption (Ctrl-C); returns what ends that. */
  readonly onInterrupt: (listener: () => void) => () => void;
}

/** Adds one command to the program; `end` takes what the process is to end with. */
export type AddCommand = (
  program: Command,
  surroundings: Surroundings,
  end: (code: ExitCode) => void,
) => void;

/** By the SDK's ordinary chain: environment variables, profiles, roles. Nothing is read yet. */
export const accessToAws = (): Access => {
  const connection = connectToAws();
  return {
    connection,
    region: configuredRegion,
    endpoint: (service, region) => endpointOf(connection, service, region),
    caller: (region) => callerOf(connection, region),
  };
};

/** The fleets of one Region. */
import { OrderedMap } from '../../kernel/ordered-map.ts';
import type { FleetRow } from './fleet-rows.ts';

/** As it is saved. */
export interface SavedFleets {
  readonly fleets: readonly FleetRow[];
  readonly spotFleets: readonly FleetRow[];
}

/** Rows by id. */
export class FleetMemory {
  readonly fleets = new OrderedMap<FleetRow>();
  readonly spotFleets = new OrderedMap<FleetRow>();

  /** Of either kind. */
  find(fleetId: string): FleetRow | undefined {
    return this.fleets.get(fleetId) ?? this.spotFleets.get(fleetId);
  }

  delete(fleetId: string): void {
    this.fleets.delete(fleetId);
    this.spotFleets.delete(fleetId);
  }

  save(): SavedFleets {
    return { fleets: [...this.fleets.values()], spotFleets: [...this.spotFleets.values()] };
  }

  /** Takes what was saved over into a memory that has nothing. */
  load(saved: SavedFleets): void {
    for (const row of saved.fleets) this.fleets.set(row.fleetId, row);
    for (const row of saved.spotFleets) this.spotFleets.set(row.fleetId, row);
  }
}

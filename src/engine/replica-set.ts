// Replica set: states of the partitions that others own, for a process that answers questions.
// In: partitions, as they leave this process and come to it. Out: their state.
// Touches the journal through the replicas, reading only.

import type { Partition } from '../core/partition.ts';
import { type Inherited, PartitionReplica, type ReplicaPorts } from './partition-replica.ts';

export class ReplicaSet {
  private readonly replicas = new Map<number, PartitionReplica>();
  private closed = false;
  private loadsBefore = 0;

  constructor(private readonly portsOf: (partition: number) => ReplicaPorts) {}

  follow(partition: number, inherited: Inherited | null = null): void {
    if (this.closed || this.replicas.has(partition)) return;
    this.replicas.set(partition, new PartitionReplica(partition, this.portsOf(partition), inherited));
  }

  /** It is ours now, and has a state of its own. */
  leave(partition: number): void {
    const replica = this.replicas.get(partition);
    if (replica === undefined) return;
    this.replicas.delete(partition);
    this.loadsBefore += replica.loads;
    void replica.stop();
  }

  /** times that a state was loaded */
  loads(): number {
    return this.all().reduce((sum, replica) => sum + replica.loads, this.loadsBefore);
  }

  stateOf(partition: number): Partition | null {
    return this.replicas.get(partition)?.partition ?? null;
  }

  all(): readonly PartitionReplica[] {
    return [...this.replicas.values()];
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all(this.all().map(replica => replica.stop()));
  }
}

// Backup format: the lines of a backup file.
// In: nothing. Out: their shapes, and the fault of a file that cannot be used.
// Pure.
//
// A head line; per partition a line that begins a section, its records, a line that ends it with count and hash; a last line.
// A section whose partition changed under the copy ends with "again" instead, and is passed by; the next one has it whole. At
// the end, partitions that were told something by others meanwhile have a second section.

import type { CopyRecord } from '../journal/copy-partition.ts';

/** 2: with the queues of webhooks; what an older program wrote has none. */
export const BACKUP_FORMAT = 2;
export const BACKUP_NAME = 'oee journal backup';

export interface BackupHead {
  readonly oee: typeof BACKUP_NAME;
  readonly format: number;
  readonly prefix: string;
  readonly partitions: number;
  /** of the Redis that it was taken from */
  readonly redis: string;
  readonly at: string;
}
export type BackupLine =
  | { readonly section: number; readonly partition: number }
  | { readonly again: number }
  | { readonly end: number; readonly lines: number; readonly sha256: string }
  | { readonly done: true; readonly sections: number; readonly sha256: string }
  | CopyRecord;

export interface BackupTold {
  readonly partitions: number;
  readonly lines: number;
  /** of all sections' hashes: names the content */
  readonly sha256: string;
}

/** The file cannot be used, or cannot be made. */
export class BackupFault extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly remedy: string,
  ) {
    super(message);
    this.name = 'BackupFault';
  }
}

export const isGzip = (path: string): boolean => path.endsWith('.gz');

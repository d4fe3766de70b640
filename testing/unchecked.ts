import { raw } from '../server/database/sql.ts'

/** Lets a transaction write what foreign keys and triggers would refuse: on a Citus on every machine, which then are asked in turn. */
export const unchecked = raw(`set local citus.propagate_set_commands = 'local';
  set local citus.multi_shard_modify_mode = 'sequential';
  set local session_replication_role = replica`)

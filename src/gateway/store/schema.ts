/**
 * What the tables became, one step after the other. Both SQLite and PostgreSQL read it. A step that was released never
 * changes, and none takes anything away: gateways of neighbouring releases use one database at the same time. Times are
 * milliseconds since the epoch.
 */
export const schemaSteps: readonly string[] = [
  `CREATE TABLE connection_sessions (
     id TEXT PRIMARY KEY,
     used BIGINT NOT NULL,
     expires BIGINT NOT NULL,
     revoked_at BIGINT
   )`,
  'CREATE INDEX connection_sessions_revoked_at ON connection_sessions (revoked_at)',
  'CREATE INDEX connection_sessions_expires ON connection_sessions (expires)',
  `CREATE TABLE connection_revoked_tokens (
     id TEXT PRIMARY KEY,
     expires BIGINT NOT NULL,
     revoked_at BIGINT NOT NULL
   )`,
  'CREATE INDEX connection_revoked_tokens_revoked_at ON connection_revoked_tokens (revoked_at)',
  'CREATE INDEX connection_revoked_tokens_expires ON connection_revoked_tokens (expires)',
  `CREATE TABLE connection_warnings (
     connection TEXT NOT NULL,
     kind TEXT NOT NULL,
     detail TEXT NOT NULL,
     at BIGINT NOT NULL,
     PRIMARY KEY (connection, kind, detail)
   )`,
  `CREATE TABLE connection_flow_hours (
     connection TEXT NOT NULL,
     hour BIGINT NOT NULL,
     created BIGINT NOT NULL,
     updated BIGINT NOT NULL,
     sent BIGINT NOT NULL,
     business BIGINT NOT NULL,
     technical BIGINT NOT NULL,
     PRIMARY KEY (connection, hour)
   )`,
  'CREATE INDEX connection_flow_hours_hour ON connection_flow_hours (hour)',
  `CREATE TABLE connection_flow_errors (
     id TEXT PRIMARY KEY,
     connection TEXT NOT NULL,
     at BIGINT NOT NULL,
     error TEXT NOT NULL
   )`,
  'CREATE INDEX connection_flow_errors_connection ON connection_flow_errors (connection, at)',
  'CREATE INDEX connection_flow_errors_at ON connection_flow_errors (at)',
  `CREATE TABLE connection_flow_writers (
     id TEXT PRIMARY KEY,
     batch BIGINT NOT NULL,
     at BIGINT NOT NULL
   )`,
  'CREATE INDEX connection_warnings_at ON connection_warnings (at)',
];

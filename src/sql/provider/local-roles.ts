/**
 * The roles of a database that runs on this machine. An embedded database starts as a superuser, whom row security does
 * not concern, so that a policy which lets everything through would pass every test.
 */
export const localRoles = {
  /** Runs statements: neither superuser nor exempt from row security. May create tables, and then owns them. */
  app: 'lexigram',
  /** Owns the schema `public` and, when migrations run as it, the tables: policies then apply to `app`. */
  owner: 'lexigram_owner',
} as const

const { app, owner } = localRoles

/** Idempotent, and complete: what was created before, by whichever role, can be used by `app` afterwards. */
export const createLocalRoles: readonly string[] = [
  ...[app, owner].map(
    (role) =>
      `do $$ begin if not exists (select from pg_catalog.pg_roles where rolname = '${role}') then ` +
      `create role ${role} login nosuperuser nobypassrls; end if; end $$`,
  ),
  `do $$ begin execute format('grant create, temporary on database %I to ${app}, ${owner}', current_database()); end $$`,
  `alter schema public owner to ${owner}`,
  `grant usage, create on schema public to ${app}`,
  ...['tables', 'sequences', 'functions'].flatMap((kind) => [
    `grant all on all ${kind} in schema public to ${app}, ${owner}`,
    `alter default privileges in schema public grant all on ${kind} to ${app}, ${owner}`,
    `alter default privileges for role ${owner} in schema public grant all on ${kind} to ${app}`,
  ]),
]

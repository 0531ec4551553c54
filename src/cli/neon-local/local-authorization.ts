import type { ClientBase } from 'pg'
import { createLocalRoles, localRoles } from '../../sql/provider/local-roles.ts'

/** How one connection takes the roles of its users in turn. */
export interface LocalAuthorization {
  /** Returns the statement by which it takes the role of a user; undefined where it keeps the one it has. */
  enter(user: string): Promise<string | undefined>
  /** The statement by which it takes its own again: the embedded database does not know it after RESET or DISCARD. */
  readonly leave: string | undefined
}

/**
 * Creates the local roles and lets each user be the role of that name. Other users are the application's role: any user
 * and password will do, and none of them is a superuser unawares. A database whose connection is not a superuser's keeps
 * its role.
 */
export async function localAuthorization(client: ClientBase): Promise<LocalAuthorization> {
  const { rows } = await client.query<{ rolsuper: string; rolname: string }>(
    'select rolsuper, rolname from pg_catalog.pg_roles where rolname = current_user',
  )
  const [own] = rows
  if (own?.rolsuper !== 't') return { enter: () => Promise.resolve(undefined), leave: undefined }
  for (const statement of createLocalRoles) await client.query(statement)
  const known = new Set<string>(Object.values(localRoles))
  const enter = async (user: string): Promise<string> => {
    if (!known.has(user)) {
      const found = await client.query('select from pg_catalog.pg_roles where rolname = $1', [user])
      if (found.rowCount !== 1) return authorization(localRoles.app)
      known.add(user)
    }
    return authorization(user)
  }
  return { enter, leave: authorization(own.rolname) }
}

function authorization(role: string): string {
  return `set session authorization "${role.replaceAll('"', '""')}"`
}

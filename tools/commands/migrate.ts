import { migrate } from '../runtimes/example.ts'

const url = process.env['DATABASE_URL']
if (url === undefined || url === '') {
  console.error('DATABASE_URL must be set to the database to migrate, by a role that may create tables')
  process.exit(2)
}
const applied = await migrate(url)
console.log(applied.length === 0 ? 'the database is up to date' : `applied ${applied.join(', ')}`)

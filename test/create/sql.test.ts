import { itCreatesProjects } from './every-platform.ts'

itCreatesProjects('sql')

// What `npm start` runs, on the folder that it is given, so that it can be killed.
import { startExample } from '../../tools/runtimes/example.ts'

const { url } = await startExample({ folder: process.argv[2]! })
process.send!(url)

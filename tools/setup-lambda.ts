// Installs what the tests of Lambda run on.
import { lambdaTools } from './lambda-tools.ts'
import { setUp } from './set-up.ts'

await setUp([lambdaTools])

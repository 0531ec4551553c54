// Installs what the tests of Lambda run on.
import { lambdaTools } from '../packages/lambda-tools.ts'
import { setUp } from '../packages/set-up.ts'

await setUp([lambdaTools])

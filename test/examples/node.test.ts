import { describeExample } from './example.ts'

describeExample('node')

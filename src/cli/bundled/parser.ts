/** The libraries that read a command line. The build makes each file of this folder one without imports. */
export { Command, CommanderError, Option, type ErrorOptions } from 'commander'
export { default as addCompletion } from '@bomb.sh/tab/commander'

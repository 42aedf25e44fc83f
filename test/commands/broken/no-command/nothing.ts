/** Not a command. */
export default { verb: 'nothing' };

/**
 * Loaded into a program before its own code (`node --import`), it ends the program at once when the channel to the
 * process that started it closes: also after a SIGKILL there, when nobody is left to send a signal.
 */
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.channel?.unref();

/**
 * One class for each command that asks for work: its arguments, which become a job, and the view
 * that shows it. Words of options that one command alone has lie beside it.
 */
@NullMarked
package dev.merlon.actors.cli.command;

import org.jspecify.annotations.NullMarked;

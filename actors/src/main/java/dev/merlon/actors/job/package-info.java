/**
 * Jobs: {@link dev.merlon.actors.job.JobSpec} says what is asked for, {@link
 * dev.merlon.actors.event.JobEvent}s tell how it goes, {@link dev.merlon.actors.job.JobOutcome}
 * says what came out. Knows no console and no HTTP, which are views of it.
 */
@NullMarked
package dev.merlon.actors.job;

import org.jspecify.annotations.NullMarked;

package dev.merlon.streams;

import akka.Done;
import akka.stream.KillSwitch;
import java.util.concurrent.CompletionStage;

/**
 * A stream that was started.
 *
 * @param stop {@code shutdown} lets the step at hand finish and takes up no other; {@code abort}
 *     fails the stream at once
 * @param completion done when the last element has left the stream, failed when any stage failed;
 *     its owner must look at it
 */
public record RunningStream(KillSwitch stop, CompletionStage<Done> completion) {}

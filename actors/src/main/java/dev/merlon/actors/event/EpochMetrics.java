package dev.merlon.actors.event;

import java.time.Duration;

/**
 * What one epoch of training came to, over all its steps.
 *
 * @param epoch counted from 1
 * @param steps updates of the run so far
 * @param loss mean training loss per image
 * @param naturalAccuracy share of training images classified rightly before their step's update
 * @param gradientNorm mean l2 norm of the whole gradient, before clipping
 * @param eps training radius of the last step
 * @param learningRate of the last step
 * @param elapsed time spent on the epoch's steps; what a resumed run did before it was stopped
 *     counts
 * @param imagesPerSecond rate over {@code elapsed}
 */
public record EpochMetrics(
    int epoch,
    long steps,
    double loss,
    double naturalAccuracy,
    double gradientNorm,
    double eps,
    double learningRate,
    Duration elapsed,
    double imagesPerSecond) {}

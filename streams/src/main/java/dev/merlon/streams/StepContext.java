package dev.merlon.streams;

/**
 * Where an element of a training stream belongs.
 *
 * @param run name of the run
 * @param epoch counted from 0
 * @param step of the epoch, counted from 0
 * @param globalStep of the run, counted from 0
 * @param attempt how often the run has been taken up in this process, counted from 1
 */
public record StepContext(String run, int epoch, int step, long globalStep, int attempt) {}

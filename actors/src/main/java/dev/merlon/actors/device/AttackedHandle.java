package dev.merlon.actors.device;

/**
 * Names an attacked batch that lies on a device. It is spent by the forward pass that takes it, and
 * void after the next {@link DeviceWorker.Load} or {@link DeviceWorker.Abandon}.
 *
 * @param device the worker that holds the batch
 * @param generation of the worker's tensors, raised whenever handles become void
 * @param number tells the batches of a generation apart
 */
public record AttackedHandle(String device, long generation, long number) {}

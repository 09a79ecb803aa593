package dev.merlon.model.measure;

/**
 * What the neurons of one rectifier do over the boxes of a sample: shares of all pairs of neuron
 * and image, which add up to 1.
 *
 * @param layer name of the rectifier in the network
 * @param dead neurons whose box lies at or below 0: the rectifier's output is 0 throughout
 * @param unstable neurons whose box crosses 0: what bounds have to relax
 * @param active neurons whose box lies at or above 0: the rectifier does nothing
 */
public record ReluShare(String layer, double dead, double unstable, double active) {}

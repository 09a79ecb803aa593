/**
 * Settings of the network: presets, lists of layers, how weights are drawn, batch norm. Knows
 * nothing of training.
 */
@NullMarked
package dev.merlon.config.network;

import org.jspecify.annotations.NullMarked;

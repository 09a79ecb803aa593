/**
 * Published data sets brought from the network into the directories that the readers of {@code
 * dev.merlon.model.data} expect: known places and digests, downloads that go on where they broke
 * off, archives unpacked with suspicion. It may import the JDK, {@code dev.merlon.config} and the
 * digests of {@code dev.merlon.proto}; no other package downloads anything.
 */
@NullMarked
package dev.merlon.model.data.fetch;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.gatehouse.gateway.authenticate.certificate;

import org.jspecify.annotations.NullMarked;

package ums.web.guard;

import java.net.InetAddress;

/**
 * The addresses that begin with the same bits (RFC 4632 section 3.1, RFC 4291 section 2.3).
 *
 * @param network one of them
 * @param bits how many bits they share
 */
record AddressRange(InetAddress network, int bits) {

    /**
     * Reads {@code 10.0.0.0/8}, {@code 2001:db8::/32} or a single address; never asks DNS.
     *
     * @throws IllegalArgumentException where it is none of those
     */
    static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        if (address.indexOf(':') < 0 && address.chars().filter(it -> it == '.').count() != 3) {
            // Java reads 10 as 0.0.0.10, which nobody means who writes 10/8.
            throw new IllegalArgumentException("an IPv4 address has four parts");
        }
        InetAddress network = InetAddress.ofLiteral(address);
        int all = network.getAddress().length * Byte.SIZE;
        int bits = slash < 0 ? all : Integer.parseInt(text.substring(slash + 1));
        if (bits < 0 || bits > all) {
            throw new IllegalArgumentException("an address has " + all + " bits");
        }
        return new AddressRange(network, bits);
    }

    /** Whether it is one of them; an IPv4 address is never in a range of IPv6, nor the other way round. */
    boolean contains(InetAddress address) {
        byte[] ours = network.getAddress();
        byte[] other = address.getAddress();
        if (ours.length != other.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit += Byte.SIZE) {
            int mask = 0xff << Math.max(0, Byte.SIZE - (bits - bit));
            int index = bit / Byte.SIZE;
            if (((ours[index] ^ other[index]) & mask & 0xff) != 0) {
                return false;
            }
        }
        return true;
    }
}

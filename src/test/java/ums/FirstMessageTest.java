package ums;

/** The story on the tests' own PostgreSQL. */
class FirstMessageTest extends FirstMessageStory {}

"""ReDial: which film did a person recommend next in a real conversation?"""
